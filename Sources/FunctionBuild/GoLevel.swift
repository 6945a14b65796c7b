import LambdaModel

/// The levels of instruction sets that the Go compiler knows: `GOAMD64` and `GOARM64`.
enum GoLevel {
    /// The variable and its value for a CPU.
    ///
    /// Throws for a CPU whose level is not known: Go takes no names of CPUs.
    static func variable(for target: CompilationTarget) throws(ApusError) -> (name: String, value: String)? {
        guard let cpu = target.cpu else { return nil }
        switch target.architecture {
        case .x86_64:
            if let level = x86[cpu] { return ("GOAMD64", "v\(level)") }
        case .arm64:
            // Known since Go 1.23; older compilers leave it unread.
            if let level = arm64[cpu] { return ("GOARM64", level) }
        }
        throw ApusError(
            .buildInvalid,
            "--target-cpu \(cpu) has no level of Go's",
            hint: target.architecture == .arm64
                ? "Go knows levels: generic (v8.0), neoverse-n1 (v8.2), neoverse-v1 (v8.4), neoverse-v2 (v9.0)."
                : "Go knows levels, which are GOAMD64: x86-64-v1, x86-64-v2, x86-64-v3, x86-64-v4."
        )
    }

    /// The level of the psABI that each CPU has.
    private static let x86: [String: Int] = [
        "x86-64": 1, "x86-64-v1": 1, "core2": 1,
        "x86-64-v2": 2, "nehalem": 2, "westmere": 2, "sandybridge": 2, "ivybridge": 2, "silvermont": 2,
        "x86-64-v3": 3, "haswell": 3, "broadwell": 3, "skylake": 3, "alderlake": 3, "znver1": 3, "znver2": 3,
        "znver3": 3,
        "x86-64-v4": 4, "skylake-avx512": 4, "cascadelake": 4, "icelake-server": 4, "sapphirerapids": 4, "znver4": 4,
        "znver5": 4,
    ]

    private static let arm64: [String: String] = [
        "generic": "v8.0", "cortex-a72": "v8.0", "neoverse-n1": "v8.2", "neoverse-v1": "v8.4", "neoverse-v2": "v9.0",
    ]
}
