import LambdaModel
import Testing

@testable import Inspection

@Suite struct ARM64InstructionsTests {
    /// Words as GNU as and clang make them of the text.
    @Test(
        arguments: [
            (0xB8E0_0041, CPUFeature.lse, "ldaddal w0, w1, [x2]"),
            (0x3822_0020, .lse, "ldaddb w2, w0, [x1]"),
            (0x88E0_FC41, .lse, "casal w0, w1, [x2]"),
            (0xF8A0_83E1, .lse, "swpa x0, x1, [sp]"),
            (0x1AC2_4C20, .crc32, "crc32x w0, w1, w2"),
            (0x9AC2_4C20, .crc32, "crc32x w0, w1, x2"),
            (0x4E28_4820, .armCrypto, "aese v0.16b, v1.16b"),
            (0xCE02_0C20, .sha3, "eor3 v0.16b, v1.16b, v2.16b, v3.16b"),
            (0xCE62_8C20, .sha3, "rax1 v0.2d, v1.2d, v2.2d"),
            (0xCEC0_8020, .armSHA512, "sha512su0 v0.2d, v1.2d"),
            (0x4E82_9420, .dotprod, "sdot v0.4s, v1.16b, v2.16b"),
            (0x0E82_9420, .dotprod, "sdot v0.2s, v1.8b, v2.8b"),
            (0x4E82_A420, .i8mm, "smmla v0.4s, v1.16b, v2.16b"),
            (0x6E42_FC20, .bf16, "bfdot v0.4s, v1.8h, v2.8h"),
            (0x1EE2_2820, .fp16, "fadd h0, h1, h2"),
            (0x2518_E3E0, .sve, "ptrue (0x2518e3e0)"),
            (0x04E0_E3E0, .sve, "cntd (0x04e0e3e0)"),
            (0x0422_3861, .sve2, "eor3 (0x04223861)"),
            (0xD503_477F, .sme, "smstart/smstop (0xd503477f)"),
            (0xD53B_2400, .rng, "mrs rndr (0xd53b2400)"),
            (0xD503_30FF, .sb, "sb"),
            (0xD50B_7C20, .dpb, "dc cvap x0"),
            (0x9AC0_1000, .mte, "irg x0, x0, x0"),
            (0xD65F_0BFF, .pauth, "retaa"),
            (0xD73F_0801, .pauth, "blraa x0"),
            (0x38BF_C020, .lrcpc, "ldaprb w0, [x1]"),
            (0xF8BF_C3E0, .lrcpc, "ldapr x0, [sp]"),
            (0x1E7E_0020, .jscvt, "fjcvtzs (0x1e7e0020)"),
        ] as [(UInt32, CPUFeature, String)]
    )
    func tellsFeatureAndText(word: UInt32, feature: CPUFeature, text: String) {
        #expect(ARM64Instructions.feature(of: word)?.feature == feature)
        #expect(ARM64Instructions.text(of: word) == text)
    }

    /// What every AArch64 CPU runs, and the HINT space that old CPUs skip.
    @Test(
        arguments: [
            0xD503_201F,  // nop
            0xD503_233F,  // paciasp
            0xD503_23BF,  // autiasp
            0xD503_245F,  // bti c
            0xD503_20FF,  // xpaclri
            0xD65F_03C0,  // ret
            0x885F_FC20,  // ldaxr w0, [x1]
            0xC85F_7C20,  // ldxr x0, [x1]
            0x88DF_FC20,  // ldar w0, [x1]
            0xC87F_0440,  // ldxp x0, x1, [x2]
            0xF840_0420,  // ldr x0, [x1], #0
            0xF862_6820,  // ldr x0, [x1, x2]
            0x1E22_2820,  // fadd s0, s1, s2
            0x1EE2_4020,  // fcvt s0, h1
            0x1EE2_C020,  // fcvt d0, h1
            0x1E23_C020,  // fcvt h0, s1
            0x4E22_D420,  // fadd v0.4s, v1.4s, v2.4s
            0x0E22_E020,  // pmull v0.8h, v1.8b, v2.8b
            0xA940_7BFD,  // ldp x29, x30, [sp]
            0x6940_0440,  // ldpsw x0, x1, [x2]
            0x5AC0_1020,  // clz w0, w1
            0x1AC2_0820,  // udiv w0, w1, w2
            0xD53B_4200,  // mrs x0, nzcv
            0xD53B_E040,  // mrs x0, cntvct_el0
            0xD518_D040,  // msr tpidr_el1, x0
        ] as [UInt32]
    )
    func leavesTheBaselineAlone(word: UInt32) {
        #expect(ARM64Instructions.feature(of: word) == nil)
        #expect(ARM64Instructions.text(of: word) == nil)
    }

    @Test func tellsTraps() {
        #expect(ARM64Instructions.trap(of: 0xD420_0020)?.mnemonic == "brk")
        #expect(ARM64Instructions.trap(of: 0xD420_0020)?.immediate == 1)
        #expect(ARM64Instructions.trap(of: 0x0000_C11F)?.mnemonic == "udf")
        #expect(ARM64Instructions.trap(of: 0xD503_201F) == nil)
        #expect(ARM64Instructions.trap(of: 0xD400_0001) == nil, "svc")
    }

    /// Every row must be the one that claims its own value, else an earlier row makes it dead.
    @Test func noRowIsHidden() {
        let rows =
            ARM64Encodings.immediate + ARM64Encodings.system + ARM64Encodings.memory + ARM64Encodings.register
            + ARM64Encodings.simd + ARM64Encodings.sve + ARM64Encodings.sme
        for row in rows {
            #expect(row.value & ~row.mask == 0, "\(row.mnemonic)")
            #expect(ARM64Instructions.feature(of: row.value)?.feature == row.feature, "\(row.mnemonic)")
        }
    }
}
