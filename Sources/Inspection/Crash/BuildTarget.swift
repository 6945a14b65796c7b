internal import LambdaModel

/// The CPU to build for, by the name that each compiler has for it.
struct BuildTarget: Sendable, Hashable {
    /// For `-C target-cpu` and for `-march` (x86-64) or `-mcpu` (arm64).
    let compilerName: String
    /// For `swiftc -target-cpu`, which knows CPUs and not the psABI's levels.
    let swiftName: String
    /// For `GOAMD64` or `GOARM64`.
    let goLevel: String
    /// For Zig's `-Dcpu`.
    let zigName: String
    /// What every CPU of that kind executes.
    let features: Set<CPUFeature>

    /// The newest target whose code runs on a CPU and on Lambda's oldest of that architecture as well.
    ///
    /// A CPU of unknown features gets the architecture's baseline.
    static func common(to cpu: CPUProfile, architecture: Architecture) -> BuildTarget {
        let lambda = CPUProfile.lambda(architecture).features ?? []
        let both = cpu.architecture == architecture ? (cpu.features ?? []).intersection(lambda) : lambda
        let targets = architecture == .arm64 ? arm64 : x86
        return targets.last { $0.features.isSubset(of: both) } ?? targets[0]
    }

    private static let x86: [BuildTarget] = [
        BuildTarget(compilerName: "x86-64", swiftName: "x86-64", goLevel: "v1", zigName: "x86_64", features: []),
        BuildTarget(
            compilerName: "x86-64-v2",
            swiftName: "nehalem",
            goLevel: "v2",
            zigName: "x86_64_v2",
            features: CPUProfile.features(ofX86Level: 2)
        ),
        BuildTarget(
            compilerName: "x86-64-v3",
            swiftName: "haswell",
            goLevel: "v3",
            zigName: "x86_64_v3",
            features: CPUProfile.features(ofX86Level: 3)
        ),
    ]

    private static let arm64: [BuildTarget] = [
        BuildTarget(compilerName: "generic", swiftName: "generic", goLevel: "v8.0", zigName: "generic", features: []),
        BuildTarget(
            compilerName: "neoverse-n1",
            swiftName: "neoverse-n1",
            goLevel: "v8.2",
            zigName: "neoverse_n1",
            features: CPUProfile.lambdaARM64.features ?? []
        ),
    ]
}
