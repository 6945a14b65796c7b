extension CPUFeature {
    /// Features that `/proc/cpuinfo` names, in its lines `flags` (x86) or `Features` (arm64).
    ///
    /// Only the first CPU's line counts: Lambda's machines have CPUs of one kind.
    package static func set(ofCPUInfo text: String) -> Set<CPUFeature> {
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let key = line[..<colon].filter { $0 != "\t" && $0 != " " }
            guard key == "flags" || key == "Features" else { continue }
            let names = key == "flags" ? x86Flags : armFlags
            return Set(line[line.index(after: colon)...].split(separator: " ").compactMap { names[String($0)] })
        }
        return []
    }

    /// Linux's names (arch/x86/include/asm/cpufeatures.h).
    private static let x86Flags: [String: CPUFeature] = [
        "pni": .sse3, "ssse3": .ssse3, "sse4_1": .sse41, "sse4_2": .sse42, "sse4a": .sse4a, "popcnt": .popcnt,
        "cx16": .cx16, "lahf_lm": .lahf, "aes": .aes, "pclmulqdq": .pclmulqdq, "xsave": .xsave, "avx": .avx,
        "f16c": .f16c, "rdrand": .rdrand, "fsgsbase": .fsgsbase, "rdtscp": .rdtscp, "avx2": .avx2, "bmi1": .bmi1,
        "bmi2": .bmi2, "fma": .fma, "movbe": .movbe, "abm": .lzcnt, "adx": .adx, "rdseed": .rdseed, "sha_ni": .sha,
        "clflushopt": .clflushopt, "clwb": .clwb, "3dnowprefetch": .prefetchw, "fma4": .fma4, "xop": .xop,
        "tbm": .tbm, "3dnow": .threeDNow, "rtm": .rtm, "ospke": .pku, "rdpid": .rdpid, "gfni": .gfni, "vaes": .vaes,
        "vpclmulqdq": .vpclmulqdq, "avx_vnni": .avxvnni, "avx_ifma": .avxifma, "waitpkg": .waitpkg,
        "movdiri": .movdiri, "serialize": .serialize, "amx_tile": .amx, "avx512f": .avx512f, "avx512cd": .avx512cd,
        "avx512bw": .avx512bw, "avx512dq": .avx512dq, "avx512vl": .avx512vl, "avx512_vnni": .avx512other,
    ]

    /// Linux's names (Documentation/arch/arm64/elf_hwcaps.rst).
    private static let armFlags: [String: CPUFeature] = [
        "crc32": .crc32, "aes": .armCrypto, "atomics": .lse, "asimdrdm": .rdm, "asimdhp": .fp16, "asimdfhm": .fhm,
        "asimddp": .dotprod, "fcma": .fcma, "jscvt": .jscvt, "lrcpc": .lrcpc, "ilrcpc": .lrcpc2, "dcpop": .dpb,
        "sha3": .sha3, "sha512": .armSHA512, "sm3": .sm3, "sm4": .sm4, "paca": .pauth, "flagm": .flagm,
        "flagm2": .flagm2, "frint": .frintts, "bf16": .bf16, "i8mm": .i8mm, "sve": .sve, "sve2": .sve2, "sme": .sme,
        "mte": .mte, "sb": .sb, "rng": .rng, "lse128": .lse128, "mops": .mops, "wfxt": .wfxt, "cssc": .cssc,
    ]
}
