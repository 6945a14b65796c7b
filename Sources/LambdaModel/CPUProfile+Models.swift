extension CPUProfile {
    /// What a model of qemu-user executes, by the model's name; `nil` for a model that Apus does not know.
    ///
    /// Measured with qemu 7.2 by running one instruction per feature on each model. The emulator executes no AVX-512
    /// whatever the model says of itself, so the server models end at AVX2.
    static func features(ofModel model: String, architecture: Architecture) -> Set<CPUFeature>? {
        switch architecture {
        case .arm64: armModels[model]
        case .x86_64: x86Models[family(ofModel: model)]
        }
    }

    /// Models that exist for one architecture only name it.
    static func architecture(ofModel model: String) -> Architecture? {
        // Both emulators have a model `max`.
        if model == "max" { return nil }
        if armModels[model] != nil || model.hasPrefix("cortex-") || model.hasPrefix("neoverse-") { return .arm64 }
        return x86Models[family(ofModel: model)] == nil ? nil : .x86_64
    }

    /// Versions and variants of a model differ in system features only: `Haswell-noTSX-IBRS`, `EPYC-Rome-v2`.
    private static func family(ofModel model: String) -> String {
        var parts = model.split(separator: "-", omittingEmptySubsequences: false)
        while let last = parts.last, parts.count > 1, ["IBRS", "IBPB", "noTSX"].contains(last) || isVersion(last) {
            parts.removeLast()
        }
        return parts.joined(separator: "-")
    }

    private static func isVersion(_ part: Substring) -> Bool {
        part.first == "v" && part.count > 1 && part.dropFirst().allSatisfy { "0"..."9" ~= $0 }
    }

    private static let skylakeServer = broadwell.union([.clwb])
    private static let zen: Set<CPUFeature> = broadwell.union([.sse4a, .clflushopt])
    private static let atomServer: Set<CPUFeature> = v2.union([
        .aes, .pclmulqdq, .xsave, .rdrand, .rdseed, .fsgsbase, .rdtscp, .movbe, .prefetchw, .clflushopt,
    ])

    private static let x86Models: [String: Set<CPUFeature>] = [
        "qemu64": [.sse3, .cx16, .lahf],
        "kvm64": [.sse3, .cx16],
        "Opteron_G1": [.sse3],
        "Opteron_G2": [.sse3, .cx16, .lahf],
        "Opteron_G3": [.sse3, .sse4a, .popcnt, .cx16, .lahf, .rdtscp, .lzcnt],
        "Opteron_G4": westmere.union([.sse4a, .xsave, .avx, .rdtscp, .lzcnt]),
        "Opteron_G5": westmere.union([.sse4a, .xsave, .avx, .f16c, .fma, .rdtscp, .lzcnt]),
        "phenom": [.sse3, .sse4a, .popcnt, .cx16, .lahf, .rdtscp, .lzcnt, .threeDNow],
        "core2duo": [.sse3, .ssse3, .cx16, .lahf],
        "Conroe": [.sse3, .ssse3, .lahf],
        "Penryn": [.sse3, .ssse3, .sse41, .cx16, .lahf],
        "Nehalem": nehalem,
        "Westmere": westmere,
        "SandyBridge": sandyBridge,
        "IvyBridge": ivyBridge,
        "Haswell": haswell,
        "Broadwell": broadwell,
        "Skylake-Client": broadwell,
        "Skylake-Server": skylakeServer,
        "Cascadelake-Server": skylakeServer.union([.clflushopt]),
        "Cooperlake": skylakeServer.union([.clflushopt]),
        "Icelake-Server": skylakeServer.union([.clflushopt, .vaes]),
        "KnightsMill": broadwell,
        "Denverton": atomServer,
        "Snowridge": atomServer.union([.clwb]),
        "Dhyana": zen.subtracting([.aes, .pclmulqdq]),
        "EPYC": zen,
        "EPYC-Rome": zen.union([.clwb]),
        "EPYC-Milan": zen.union([.clwb]),
        "max": zen.union([.clwb, .threeDNow, .vaes]),
    ]

    /// The emulator refuses `dc cvap` on every model.
    private static let emulatedN1 = neoverseN1.subtracting([.dpb])

    private static let armModels: [String: Set<CPUFeature>] = [
        "cortex-a35": cortexA72,
        "cortex-a53": cortexA72,
        "cortex-a57": cortexA72,
        "cortex-a72": cortexA72,
        "cortex-a76": emulatedN1,
        "neoverse-n1": emulatedN1,
        "a64fx": cortexA72.union([.lse, .rdm, .fp16, .fcma, .sve]),
        "max": emulatedN1.union([
            .fhm, .fcma, .jscvt, .lrcpc2, .sha3, .armSHA512, .sm3, .sm4, .pauth, .flagm, .flagm2, .frintts, .bf16,
            .i8mm,
            .sve, .sve2, .sme, .mte, .sb, .rng,
        ]),
    ]
}
