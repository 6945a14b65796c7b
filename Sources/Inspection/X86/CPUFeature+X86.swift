internal import CZydis
internal import LambdaModel

extension CPUFeature {
    /// The feature for a number of `enum apus_x86_feature`; `nil` for "none".
    init?(zydis number: UInt8) {
        guard number > 0, Int(number) < Self.byZydisNumber.count else { return nil }
        self = Self.byZydisNumber[Int(number)]
    }

    /// In the order of `enum apus_x86_feature`; the first stands for "none" and is never read.
    private static let byZydisNumber: [CPUFeature] = [
        .otherX86,
        .sse3, .ssse3, .sse41, .sse42, .sse4a, .popcnt, .cx16,
        .lahf, .aes, .pclmulqdq, .xsave, .avx, .f16c, .rdrand,
        .fsgsbase, .rdtscp, .avx2, .bmi1, .bmi2, .fma, .movbe,
        .lzcnt,
        .adx, .rdseed, .sha, .clflushopt, .clwb, .fma4, .xop,
        .tbm, .threeDNow, .rtm, .pku, .rdpid, .gfni, .vaes,
        .vpclmulqdq, .avxvnni, .waitpkg, .movdiri, .serialize, .keylocker,
        .amx, .otherX86, .avx512f, .avx512cd, .avx512bw, .avx512dq,
        .avx512vl, .avx512other,
    ]
}
