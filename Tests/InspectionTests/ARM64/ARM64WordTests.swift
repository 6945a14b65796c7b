import Testing

@testable import Inspection

@Suite struct ARM64WordTests {
    @Test(
        arguments: [
            (0x1400_0002, "jump 2"), (0x17FF_FFFF, "jump -1"), (0x9400_0001, "call 1"), (0x97FF_FFFE, "call -2"),
            (0x5400_0040, "branch 2"), (0x34FF_FFE0, "branch -1"), (0x3600_0080, "branch 4"),
            (0x3707_FFE0, "branch -1"),
            (0xD65F_03C0, "leave"), (0xD61F_0200, "jump register"), (0xD63F_0000, "call register"),
            (0xD71F_0801, "jump register"), (0xD73F_0801, "call register"), (0xD65F_0BFF, "leave"),
            (0xD420_0020, "leave"), (0x0000_0000, "leave"), (0xD503_201F, "next"), (0xD400_0001, "next"),
            (0x9100_03FD, "next"),
        ] as [(UInt32, String)]
    )
    func tellsTheFlow(word: UInt32, expected: String) {
        let text =
            switch ARM64Word.flow(word) {
            case .next: "next"
            case .jump(let distance): "jump \(distance)"
            case .branch(let distance): "branch \(distance)"
            case .call(let distance): "call \(distance)"
            case .callRegister: "call register"
            case .jumpRegister: "jump register"
            case .leave: "leave"
            }
        #expect(text == expected)
    }

    @Test func formsAddresses() {
        // adrp x0, +1 page; adrp x0, -1 page; adr x0, -4.
        #expect(ARM64Sweep.target(0xB000_0000, at: 0x1234) == 0x2000)
        #expect(ARM64Sweep.target(0xF0FF_FFE0, at: 0x5678) == 0x4000)
        #expect(ARM64Sweep.target(0x10FF_FFE0, at: 0x1000) == 0xFFC)
        #expect(ARM64Sweep.scaledOffset(0xF940_0400) == 8)
        #expect(ARM64Sweep.scaledOffset(0x3940_0400) == 1)
        #expect(ARM64Sweep.scaledOffset(0x3DC0_0400) == 16, "ldr q0, [x0, #16]")
    }
}
