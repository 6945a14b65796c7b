import LambdaModel

/// A target of the Rust compiler that runs on Lambda.
struct RustTarget: Equatable {
    /// Such as `x86_64-unknown-linux-gnu`.
    let triple: String

    init(triple: String) { self.triple = triple }

    /// The targets for an architecture, the preferred one first.
    static func candidates(_ architecture: Architecture) -> [RustTarget] {
        ["gnu", "musl"].map { RustTarget(triple: "\(machine(architecture))-unknown-linux-\($0)") }
    }

    /// Whether its programs run on Lambda with this architecture.
    func suits(_ architecture: Architecture) -> Bool {
        triple.hasPrefix(Self.machine(architecture) + "-") && triple.contains("-linux-")
    }

    /// The name in cargo's environment variables: `X86_64_UNKNOWN_LINUX_GNU`.
    var variableName: String { CargoCommand.variableName(triple) }

    /// Programs that link for this target on a machine of another kind, as Debian, Homebrew and musl's toolchains name
    /// them.
    var crossLinkers: [String] {
        let parts = triple.split(separator: "-")
        guard let machine = parts.first, let library = parts.last else { return [] }
        return ["\(machine)-linux-\(library)-gcc", "\(triple)-gcc"]
    }

    /// Debian's package with the cross linker.
    var linkerPackage: String { triple.hasPrefix("aarch64") ? "gcc-aarch64-linux-gnu" : "gcc-x86-64-linux-gnu" }

    private static func machine(_ architecture: Architecture) -> String {
        architecture == .arm64 ? "aarch64" : "x86_64"
    }
}
