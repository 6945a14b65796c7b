/// An extension of an instruction set that not every CPU of Lambda's architectures has.
///
/// What every x86-64 CPU has (SSE2) and every Armv8.0-A CPU with floating point is no feature here, nor is anything that
/// old CPUs execute as a no-operation (endbr64, paciasp).
package enum CPUFeature: String, Sendable, Hashable, CaseIterable {
    // x86-64, in the order in which CPUs got them.
    case sse3, ssse3, sse41, sse42, sse4a, popcnt, cx16, lahf
    case aes, pclmulqdq, xsave, avx, f16c, rdrand, fsgsbase, rdtscp
    case avx2, bmi1, bmi2, fma, movbe
    /// LZCNT does not fault on a CPU without it: it decodes as BSR and gives another result.
    case lzcnt
    case adx, rdseed, sha, clflushopt, clwb, prefetchw
    case fma4, xop, tbm, threeDNow, rtm, pku, rdpid, gfni, vaes, vpclmulqdq, avxvnni, avxifma, waitpkg, movdiri,
        serialize
    case keylocker, amx, sha512, otherX86
    case avx512f, avx512cd, avx512bw, avx512dq, avx512vl, avx512other

    // AArch64.
    case crc32, armCrypto, lse, rdm, fp16, fhm, dotprod, fcma, jscvt, lrcpc, lrcpc2, dpb
    case sha3, armSHA512, sm3, sm4, pauth, flagm, flagm2, frintts, bf16, i8mm, sve, sve2, sme, mte, sb, rng, lse128,
        mops
    case ls64, wfxt, cssc

    /// The name that manuals and compilers use.
    package var name: String {
        switch self {
        case .sse41: "SSE4.1"
        case .sse42: "SSE4.2"
        case .sse4a: "SSE4a"
        case .cx16: "CMPXCHG16B"
        case .lahf: "LAHF/SAHF"
        case .threeDNow: "3DNow!"
        case .avxvnni: "AVX-VNNI"
        case .avxifma: "AVX-IFMA"
        case .avx512f: "AVX-512F"
        case .avx512cd: "AVX-512CD"
        case .avx512bw: "AVX-512BW"
        case .avx512dq: "AVX-512DQ"
        case .avx512vl: "AVX-512VL"
        case .avx512other: "an AVX-512 extension"
        case .otherX86: "a rare x86 extension"
        case .keylocker: "Key Locker"
        case .armCrypto: "the AES and SHA extensions"
        case .armSHA512: "SHA512"
        case .dotprod: "DotProd"
        case .pauth: "PAuth"
        case .frintts: "FRINTTS"
        case .flagm: "FlagM"
        case .flagm2: "FlagM2"
        case .lrcpc: "LRCPC"
        case .lrcpc2: "LRCPC2"
        default: rawValue.uppercased()
        }
    }

    /// The architecture that the feature belongs to.
    package var architecture: Architecture {
        switch self {
        case .crc32, .armCrypto, .lse, .rdm, .fp16, .fhm, .dotprod, .fcma, .jscvt, .lrcpc, .lrcpc2, .dpb, .sha3,
            .armSHA512, .sm3, .sm4, .pauth, .flagm, .flagm2, .frintts, .bf16, .i8mm, .sve, .sve2, .sme, .mte, .sb, .rng,
            .lse128, .mops, .ls64, .wfxt, .cssc:
            .arm64
        default: .x86_64
        }
    }
}

extension Set<CPUFeature> {
    /// In the order of the manuals, which is that of the enumeration's cases.
    package var ordered: [CPUFeature] { CPUFeature.allCases.filter(contains) }
}
