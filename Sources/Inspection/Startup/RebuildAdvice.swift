internal import LambdaModel

/// How to build for an architecture of Lambda, in the words of each build tool.
enum RebuildAdvice {
    static func lines(for architecture: Architecture) -> [String] {
        let arm = architecture == .arm64
        let triple = arm ? "aarch64" : "x86_64"
        return [
            "Rust:   cargo lambda build --release" + (arm ? " --arm64" : "")
                + "  (or cargo build --release --target \(triple)-unknown-linux-musl)",
            "Go:     GOOS=linux GOARCH=\(arm ? "arm64" : "amd64") CGO_ENABLED=0 go build -o bootstrap",
            "Swift:  swift build -c release --swift-sdk \(triple)-swift-linux-musl",
            "Zig:    zig build -Dtarget=\(triple)-linux-musl",
            "C, C++: \(triple)-linux-gnu-gcc -o bootstrap …",
        ]
    }
}
