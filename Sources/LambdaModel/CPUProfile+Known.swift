extension CPUProfile {
    /// Lambda's x86_64 floor: AVX2 (AWS documents it for every x86_64 function; Haswell is the oldest such CPU).
    package static let lambdaX86 = CPUProfile(
        name: "lambda-x86_64",
        architecture: .x86_64,
        features: haswell,
        emulatorModel: "Haswell",
        summary: "Lambda's x86_64 floor: AVX2"
    )

    /// Graviton2 (Neoverse N1).
    package static let lambdaARM64 = CPUProfile(
        name: "lambda-arm64",
        architecture: .arm64,
        features: neoverseN1,
        emulatorModel: "neoverse-n1",
        summary: "Lambda's arm64 floor: Graviton2 (Neoverse N1)"
    )

    /// Every profile with a name of its own, in the order in which reports show them.
    package static let named: [CPUProfile] = [
        lambdaX86,
        x86("x86-64-v1", [], "qemu64", "the psABI's baseline: SSE2"),
        x86("x86-64-v2", v2, "Nehalem", "the psABI's level 2: SSE4.2, POPCNT"),
        x86("x86-64-v3", v3, "Haswell", "the psABI's level 3: AVX2, BMI, FMA"),
        x86("x86-64-v4", v4, nil, "the psABI's level 4: AVX-512"),
        x86("rosetta2", nehalem, "Nehalem", "Apple silicon, Linux x86_64 container: no AVX"),
        x86("docker-qemu6", nehalem, "Nehalem", "Docker Desktop with qemu 6: no AVX"),
        lambdaARM64,
    ]

    /// The profile that a function of an architecture has to run on.
    package static func lambda(_ architecture: Architecture) -> CPUProfile {
        architecture == .arm64 ? lambdaARM64 : lambdaX86
    }

    /// What every CPU of a level of the x86-64 psABI executes beyond the baseline. GOAMD64 has the same levels.
    ///
    /// - Parameter level: 1 to 4; what is beyond counts as the nearest.
    package static func features(ofX86Level level: Int) -> Set<CPUFeature> {
        switch level {
        case ...1: []
        case 2: v2
        case 3: v3
        default: v4
        }
    }

    private static func x86(
        _ name: String,
        _ features: Set<CPUFeature>,
        _ model: String?,
        _ summary: String
    ) -> CPUProfile {
        CPUProfile(name: name, architecture: .x86_64, features: features, emulatorModel: model, summary: summary)
    }

    // MARK: Feature sets (x86-64 psABI for the levels; qemu 7.2's CPU models for the rest)

    static let v2: Set<CPUFeature> = [.sse3, .ssse3, .sse41, .sse42, .popcnt, .cx16, .lahf]
    static let v3: Set<CPUFeature> = v2.union([.xsave, .avx, .avx2, .bmi1, .bmi2, .f16c, .fma, .lzcnt, .movbe])
    static let v4: Set<CPUFeature> = v3.union([.avx512f, .avx512cd, .avx512bw, .avx512dq, .avx512vl])
    static let nehalem: Set<CPUFeature> = v2
    static let westmere: Set<CPUFeature> = nehalem.union([.aes, .pclmulqdq])
    static let sandyBridge: Set<CPUFeature> = westmere.union([.xsave, .avx, .rdtscp])
    static let ivyBridge: Set<CPUFeature> = sandyBridge.union([.f16c, .rdrand, .fsgsbase])
    static let haswell: Set<CPUFeature> = ivyBridge.union(v3)
    static let broadwell: Set<CPUFeature> = haswell.union([.adx, .rdseed, .prefetchw])
    static let skylake: Set<CPUFeature> = broadwell.union([.clflushopt])
    static let cortexA72: Set<CPUFeature> = [.crc32, .armCrypto]
    static let neoverseN1: Set<CPUFeature> = cortexA72.union([
        .lse, .rdm, .fp16, .dotprod, .lrcpc, .dpb,
    ])
}
