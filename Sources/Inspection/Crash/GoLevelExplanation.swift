package import LambdaModel

/// Why a Go program refused this CPU at its start: a build for a newer level asks before anything else runs, writes one
/// sentence and exits with status 1.
package enum GoLevelExplanation {
    /// The cause and the fix; empty when the output holds no such sentence.
    package static func lines(outputTail: String, cpu: CPUProfile) -> [String] {
        for line in OutputLines.last(50, of: outputTail).reversed() {
            if let level = amd64Level(line) { return amd64(level, cpu).map(Printable.text) }
            // Go 1.23 and later, GOARM64=v8.0,lse or v8.1 and up.
            if line.contains("This program can only be run on ARM64 processors with LSE support") {
                return arm64(cpu).map(Printable.text)
            }
        }
        return []
    }

    /// `This program can only be run on AMD64 processors with v3 microarchitecture support.`
    private static func amd64Level(_ line: String) -> String? {
        let label = "This program can only be run on AMD64 processors with "
        guard line.hasPrefix(label) else { return nil }
        let level = line.dropFirst(label.count).prefix { $0 != " " }
        return ["v2", "v3", "v4"].contains(String(level)) ? String(level) : nil
    }

    private static func amd64(_ level: String, _ cpu: CPUProfile) -> [String] {
        let target = BuildTarget.common(to: cpu, architecture: .x86_64).goLevel
        return [
            "the Go program was built with GOAMD64=\(level), and this CPU (\(cpu.name)) has less",
            level == "v4"
                ? "Lambda's oldest x86_64 CPU has level v3, so it may refuse there as well"
                : "Lambda's x86_64 CPUs have level v3",
            "fix: GOAMD64=\(target) go build -o bootstrap",
        ]
    }

    private static func arm64(_ cpu: CPUProfile) -> [String] {
        [
            "the Go program was built with GOARM64=v8.1 or later, or with lse, and this CPU (\(cpu.name)) has no LSE",
            "every arm64 CPU of Lambda has LSE",
            "fix: GOARM64=v8.0 go build -o bootstrap",
        ]
    }
}
