internal import LambdaModel

/// Rows of the scalable vectors: group 0010, and SME in group 0000. The whole groups belong to them, so the last row of
/// each claims the rest; the rows before it give the frequent instructions their names and tell SVE2 from SVE.
extension ARM64Encodings {
    static let sve: [ARM64Encoding] = frequent + second + [.init(0x1E00_0000, 0x0400_0000, .sve, "an SVE instruction")]

    static let sme: [ARM64Encoding] = [.init(0x9E00_0000, 0x8000_0000, .sme, "an SME instruction")]

    private static let frequent: [ARM64Encoding] = [
        .init(0xFF3F_FC10, 0x2518_E000, .sve, "ptrue"),
        .init(0xFF3F_FC10, 0x2519_E000, .sve, "ptrues"),
        .init(0xFF20_EC10, 0x2520_0C00, .sve, "whilelo"),
        .init(0xFF20_EC10, 0x2520_0400, .sve, "whilelt"),
        .init(0xFFF0_FC00, 0x0420_E000, .sve, "cntb"),
        .init(0xFFF0_FC00, 0x0460_E000, .sve, "cnth"),
        .init(0xFFF0_FC00, 0x04A0_E000, .sve, "cntw"),
        .init(0xFFF0_FC00, 0x04E0_E000, .sve, "cntd"),
        .init(0xFFF0_FC00, 0x0430_E000, .sve, "incb"),
        .init(0xFFF0_FC00, 0x0470_E000, .sve, "inch"),
        .init(0xFFF0_FC00, 0x04B0_E000, .sve, "incw"),
        .init(0xFFF0_FC00, 0x04F0_E000, .sve, "incd"),
        .init(0xFFE0_F800, 0x0420_5000, .sve, "addvl"),
        .init(0xFFFF_F800, 0x04BF_5000, .sve, "rdvl"),
        .init(0xFF3F_FC00, 0x0520_3800, .sve, "dup"),
        .init(0xFF3F_E000, 0x2538_C000, .sve, "dup"),
        .init(0xFF20_FC00, 0x0420_0000, .sve, "add"),
        .init(0xFF3F_E000, 0x0400_0000, .sve, "add"),
        .init(0xFF20_FC00, 0x0420_0400, .sve, "sub"),
        .init(0xFF3F_E000, 0x0410_0000, .sve, "mul"),
        .init(0xFF20_E000, 0x0400_4000, .sve, "mla"),
        .init(0xFFFF_FC00, 0x0420_BC00, .sve, "movprfx"),
        .init(0xFFE0_FC00, 0x0420_3000, .sve, "and"),
        .init(0xFFE0_FC00, 0x0460_3000, .sve, "orr"),
        .init(0xFFE0_FC00, 0x04A0_3000, .sve, "eor"),
        .init(0xFF20_C000, 0x0520_C000, .sve, "sel"),
        .init(0xFF20_F000, 0x0420_4000, .sve, "index"),
        .init(0xFF20_FC00, 0x6500_0000, .sve, "fadd"),
        .init(0xFF20_FC00, 0x6500_0800, .sve, "fmul"),
        .init(0xFF20_E000, 0x6520_0000, .sve, "fmla"),
        .init(0xFF20_E000, 0x6520_8000, .sve, "fmad"),
        .init(0xFFC0_E000, 0x8580_4000, .sve, "ldr"),
        .init(0xFFC0_E000, 0xE580_4000, .sve, "str"),
        .init(0xFE00_0000, 0xA400_0000, .sve, "ld1"),
        .init(0xFE00_0000, 0xE400_0000, .sve, "st1"),
    ]

    private static let second: [ARM64Encoding] = [
        .init(0xFFA0_F800, 0x4480_0000, .sve, "sdot/udot"),
        .init(0xFFA0_F800, 0x44A0_0000, .sve, "sdot/udot"),
        .init(0xFFE0_FC00, 0x4480_7800, .sve, "usdot"),
        .init(0xFFE0_F800, 0x44A0_1800, .sve, "usdot/sudot"),
        .init(0xFF20_FC00, 0x4500_9800, .sve, "smmla/ummla"),
        .init(0xFE00_0000, 0x4400_0000, .sve2, "an SVE2 instruction"),
        .init(0xFFE0_FC00, 0x0420_3800, .sve2, "eor3"),
        .init(0xFFE0_FC00, 0x0460_3800, .sve2, "bcax"),
        .init(0xFF20_FC00, 0x0420_3400, .sve2, "xar"),
        .init(0xFF20_FC00, 0x0420_6000, .sve2, "mul"),
    ]
}
