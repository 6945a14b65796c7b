import LambdaModel

/// For what compilers are told to compile.
struct CompilationTarget: Hashable, Sendable {
    var architecture: Architecture
    /// `SAM_BUILD_MODE=debug`; SAM's other value is `release`.
    var isDebug: Bool
    /// `--target-cpu`; `nil`: the mode's default.
    var explicitCPU: String?

    init(architecture: Architecture, isDebug: Bool = false, explicitCPU: String? = nil) {
        self.architecture = architecture
        self.isDebug = isDebug
        // psABI's name for the first level; no compiler has it.
        self.explicitCPU = explicitCPU == "x86-64-v1" ? "x86-64" : explicitCPU
    }

    init(_ request: BuildRequest, environment: [String: String]) {
        self.init(
            architecture: request.architecture,
            isDebug: environment["SAM_BUILD_MODE"]?.lowercased() == "debug",
            explicitCPU: request.targetCPU
        )
    }

    /// The CPU of releases. For x86_64 what every host of Lambda and every emulator on Apple silicon executes, though Lambda's
    /// have AVX2 as well; for arm64 Graviton2, the oldest of Lambda's.
    static func defaultCPU(_ architecture: Architecture) -> String {
        architecture == .arm64 ? "neoverse-n1" : "x86-64-v2"
    }

    /// `nil`: the compiler's own choice.
    var cpu: String? { explicitCPU ?? (isDebug ? nil : Self.defaultCPU(architecture)) }

    /// In GNU's and LLVM's words.
    var machine: String { architecture == .arm64 ? "aarch64" : "x86_64" }

    /// Whether the programs of this system's compilers run on Lambda as they are.
    var isHost: Bool {
        #if os(Linux)
        architecture == .host
        #else
        false
        #endif
    }

    /// What gcc and clang are told of a CPU.
    func cFlag(_ cpu: String) -> String { (architecture == .arm64 ? "-mcpu=" : "-march=") + cpu }

    /// Flags of gcc and clang around the user's own, which win over the defaults but not over `--target-cpu`.
    func cFlags(own: [String]) -> [String] {
        var flags = isDebug ? ["-O0", "-g"] : ["-O2", "-g1"]
        if explicitCPU == nil, let cpu { flags.append(cFlag(cpu)) }
        flags += own
        if let explicitCPU { flags.append(cFlag(explicitCPU)) }
        return flags
    }

    /// Swift takes names of CPUs, and of the psABI's levels the first alone: for the others the oldest CPU that has them.
    var swiftCPU: String? { cpu.map { Self.swiftLevels[$0] ?? $0 } }

    private static let swiftLevels = ["x86-64-v2": "nehalem", "x86-64-v3": "haswell", "x86-64-v4": "skylake-avx512"]

    /// Zig's names have underscores.
    var zigCPU: String? {
        cpu.map { name in String(name.map { $0 == "-" ? "_" : $0 }) }
    }
}
