internal import LambdaModel

/// Rows of the general-purpose instructions, by the four groups of bits 28:25. Within a group the first match counts.
enum ARM64Encodings {
    /// 100x: data processing with an immediate.
    static let immediate: [ARM64Encoding] = [
        .init(0xFFC0_0000, 0x9180_0000, .mte, "addg"),
        .init(0xFFC0_0000, 0xD180_0000, .mte, "subg"),
        .init(0x7FFC_0000, 0x11C0_0000, .cssc, "smax"),
        .init(0x7FFC_0000, 0x11C4_0000, .cssc, "umax"),
        .init(0x7FFC_0000, 0x11C8_0000, .cssc, "smin"),
        .init(0x7FFC_0000, 0x11CC_0000, .cssc, "umin"),
    ]

    /// 101x: branches and the system instructions. HINT space (paciasp, bti, autiasp) is absent: old CPUs skip it.
    static let system: [ARM64Encoding] = [
        .init(0xFFFF_FC1F, 0xD61F_081F, .pauth, "braaz", .target),
        .init(0xFFFF_FC1F, 0xD61F_0C1F, .pauth, "brabz", .target),
        .init(0xFFFF_FC1F, 0xD63F_081F, .pauth, "blraaz", .target),
        .init(0xFFFF_FC1F, 0xD63F_0C1F, .pauth, "blrabz", .target),
        .init(0xFFFF_FC00, 0xD71F_0800, .pauth, "braa", .target),
        .init(0xFFFF_FC00, 0xD71F_0C00, .pauth, "brab", .target),
        .init(0xFFFF_FC00, 0xD73F_0800, .pauth, "blraa", .target),
        .init(0xFFFF_FC00, 0xD73F_0C00, .pauth, "blrab", .target),
        .init(0xFFFF_FFFF, 0xD65F_0BFF, .pauth, "retaa", .none),
        .init(0xFFFF_FFFF, 0xD65F_0FFF, .pauth, "retab", .none),
        .init(0xFFFF_F0FF, 0xD500_401F, .flagm, "cfinv", .none),
        .init(0xFFFF_F0FF, 0xD500_403F, .flagm2, "xaflag", .none),
        .init(0xFFFF_F0FF, 0xD500_405F, .flagm2, "axflag", .none),
        .init(0xFFFF_F0FF, 0xD503_30FF, .sb, "sb", .none),
        .init(0xFFFF_FFE0, 0xD503_1000, .wfxt, "wfet", .register),
        .init(0xFFFF_FFE0, 0xD503_1020, .wfxt, "wfit", .register),
        .init(0xFFFF_FFC0, 0xD53B_2400, .rng, "mrs rndr"),
        .init(0xFFFF_F0FF, 0xD503_407F, .sme, "smstart/smstop", .raw),
        .init(0xFFDF_FFE0, 0xD51B_D0A0, .sme, "mrs/msr tpidr2_el0"),
        .init(0xFFDF_FFE0, 0xD51B_4240, .sme, "mrs/msr svcr"),
        .init(0xFFFF_FFE0, 0xD50B_7C20, .dpb, "dc cvap", .register),
        .init(0xFFFF_FFE0, 0xD50B_7D20, .dpb, "dc cvadp", .register),
        .init(0xFFFF_FFE0, 0xD50B_7460, .mte, "dc gva", .register),
        .init(0xFFFF_FFE0, 0xD50B_7480, .mte, "dc gzva", .register),
    ]

    /// x1x0: loads and stores.
    static let memory: [ARM64Encoding] = [
        // Before LSE, whose space they share.
        .init(0xFFFF_FC00, 0xF83F_9000, .ls64, "st64b"),
        .init(0xFFFF_FC00, 0xF83F_D000, .ls64, "ld64b"),
        .init(0xFFE0_FC00, 0xF820_B000, .ls64, "st64bv"),
        .init(0xFFE0_FC00, 0xF820_A000, .ls64, "st64bv0"),
        .init(0x3FFF_FC00, 0x38BF_C000, .lrcpc, "ldapr", .load),
        .init(0x3F20_FC00, 0x3820_0000, .lse, "ldadd", .atomic),
        .init(0x3F20_FC00, 0x3820_1000, .lse, "ldclr", .atomic),
        .init(0x3F20_FC00, 0x3820_2000, .lse, "ldeor", .atomic),
        .init(0x3F20_FC00, 0x3820_3000, .lse, "ldset", .atomic),
        .init(0x3F20_FC00, 0x3820_4000, .lse, "ldsmax", .atomic),
        .init(0x3F20_FC00, 0x3820_5000, .lse, "ldsmin", .atomic),
        .init(0x3F20_FC00, 0x3820_6000, .lse, "ldumax", .atomic),
        .init(0x3F20_FC00, 0x3820_7000, .lse, "ldumin", .atomic),
        .init(0x3F20_FC00, 0x3820_8000, .lse, "swp", .atomic),
        .init(0x3FA0_7C00, 0x08A0_7C00, .lse, "cas", .atomic),
        .init(0xBFA0_7C00, 0x0820_7C00, .lse, "casp"),
        .init(0xFF20_FC00, 0x1920_1000, .lse128, "ldclrp"),
        .init(0xFF20_FC00, 0x1920_3000, .lse128, "ldsetp"),
        .init(0xFF20_FC00, 0x1920_8000, .lse128, "swpp"),
        .init(0x3FE0_0C00, 0x1900_0000, .lrcpc2, "stlur", .load),
        .init(0x3F20_0C00, 0x1900_0000, .lrcpc2, "ldapur", .load),
        .init(0xFB20_0C00, 0x1900_0400, .mops, "cpy/set"),
        .init(0xFFA0_0400, 0xF820_0400, .pauth, "ldraa"),
        .init(0xFFA0_0400, 0xF8A0_0400, .pauth, "ldrab"),
        .init(0xFF20_0000, 0xD920_0000, .mte, "stg/ldg"),
        .init(0xFFC0_0000, 0x6880_0000, .mte, "stgp"),
        .init(0xFF40_0000, 0x6900_0000, .mte, "stgp"),
    ]

    /// x101: data processing with registers.
    static let register: [ARM64Encoding] = [
        .init(0x7FE0_F000, 0x1AC0_4000, .crc32, "crc32", .checksum),
        .init(0x7FE0_F000, 0x1AC0_5000, .crc32, "crc32c", .checksum),
        .init(0xFFE0_FC00, 0x9AC0_3000, .pauth, "pacga", .registers3),
        .init(0xFFFF_8000, 0xDAC1_0000, .pauth, "pac/aut"),
        .init(0xFFE0_FC00, 0x9AC0_0000, .mte, "subp", .registers3),
        .init(0xFFE0_FC00, 0xBAC0_0000, .mte, "subps", .registers3),
        .init(0xFFE0_FC00, 0x9AC0_1000, .mte, "irg", .registers3),
        .init(0xFFE0_FC00, 0x9AC0_1400, .mte, "gmi", .registers3),
        .init(0xFFE0_7C10, 0xBA00_0400, .flagm, "rmif"),
        .init(0xFFFF_FC1F, 0x3A00_080D, .flagm, "setf8"),
        .init(0xFFFF_FC1F, 0x3A00_480D, .flagm, "setf16"),
        .init(0x7FFF_FC00, 0x5AC0_2000, .cssc, "abs", .registers2),
        .init(0x7FFF_FC00, 0x5AC0_1C00, .cssc, "cnt", .registers2),
        .init(0x7FFF_FC00, 0x5AC0_1800, .cssc, "ctz", .registers2),
        .init(0x7FE0_FC00, 0x1AC0_6000, .cssc, "smax", .registers3),
        .init(0x7FE0_FC00, 0x1AC0_6400, .cssc, "umax", .registers3),
        .init(0x7FE0_FC00, 0x1AC0_6800, .cssc, "smin", .registers3),
        .init(0x7FE0_FC00, 0x1AC0_6C00, .cssc, "umin", .registers3),
    ]
}
