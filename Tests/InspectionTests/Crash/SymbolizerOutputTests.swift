import Testing

@testable import Inspection

@Suite struct SymbolizerOutputTests {
    static let inlined = [
        SourceFrame(function: "next<u32>", file: "/rustc/5980/library/core/src/macros.rs", line: 180),
        SourceFrame(function: "main::checksum", file: "/src/main.rs", line: 5),
    ]

    @Test func readsLLVM() {
        let text = """
            next<u32>
            /rustc/5980/library/core/src/macros.rs:180:28
            main::checksum::hd80b86cbae4a0075
            /src/main.rs:5:18

            ??
            ??:0:0

            plain
            start.c:0:0

            at end
            /src/a:b.c:7:0

            """
        #expect(
            SymbolizerOutput.llvm(text, count: 4) == [
                Self.inlined, [SourceFrame()], [SourceFrame(function: "plain")],
                [SourceFrame(function: "at end", file: "/src/a:b.c", line: 7)],
            ]
        )
        // One answer too few: nothing is believed.
        #expect(SymbolizerOutput.llvm(text, count: 5).isEmpty)
    }

    @Test func readsBinutils() {
        let text = """
            0x00000000000144a0
            next<u32>
            /rustc/5980/library/core/src/macros.rs:180 (discriminator 3)
            main::checksum
            /src/main.rs:5
            0x0000000000000010
            ??
            ??:?
            0x0000000000000020
            ??
            ??:0
            """
        #expect(SymbolizerOutput.addr2line(text, count: 3) == [Self.inlined, [SourceFrame()], [SourceFrame()]])
        #expect(SymbolizerOutput.addr2line("garbage\nmore\n", count: 1).isEmpty)
    }

    @Test(arguments: [
        "", "\n\n\n", "one line", "a\nb", "a\n:::::\n", "a\n99999999999999999999:1\n", "\u{1B}[2J\n\u{1B}:3",
    ])
    func survivesNonsense(text: String) {
        #expect(SymbolizerOutput.llvm(text, count: 1).count <= 1)
        #expect(SymbolizerOutput.addr2line(text, count: 1).isEmpty)
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0xE8, 1, 2, 3, 4], true), ([0, 0, 0, 0, 0, 0, 0xFF, 0xD0], true),
            ([0, 0, 0, 0, 0, 0xFF, 0x50, 8], true), ([0, 0, 0xFF, 0x15, 1, 2, 3, 4], true),
            ([0, 0xFF, 0x94, 0x24, 1, 2, 3, 4], true), ([0, 0, 0, 0, 0, 0, 0xFF, 0xE0], false),
            ([0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90], false), ([], false),
        ] as [([UInt8], Bool)]
    )
    func knowsCallsOfX86(code: [UInt8], isCall: Bool) {
        #expect(CallSite.endsX86(code) == isCall)
    }

    @Test(
        arguments: [
            (0x9400_0010, true), (0x97FF_FFF0, true), (0xD63F_0100, true), (0xD73F_0801, true), (0x1400_0010, false),
            (0xD61F_0100, false), (0xD65F_03C0, false),
        ] as [(UInt32, Bool)]
    )
    func knowsCallsOfARM64(word: UInt32, isCall: Bool) {
        let code = [0, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        #expect(CallSite.endsARM64(code) == isCall)
    }

    // MARK: Tools

    @Test func aToolThatHangsIsKilled() async throws {
        let shell = try #require(AnalysisTool(named: ["sh"], searchPath: "/bin:/usr/bin"))
        let clock = ContinuousClock()
        let start = clock.now
        // The child holds standard output open: the whole group has to go.
        #expect(await shell.output(["-c", "echo started; sleep 1000 & sleep 1000"], within: .milliseconds(200)) == nil)
        // Not sooner than the other tests leave a thread free.
        #expect(clock.now - start < .seconds(500))
    }

    @Test func aToolThatFailsOrFloodsHasNoAnswer() async throws {
        let shell = try #require(AnalysisTool(named: ["nowhere", "sh"], searchPath: "/bin:/usr/bin"))
        #expect(await shell.output(["-c", "echo yes"], within: .seconds(500)) == "yes\n")
        #expect(await shell.output(["-c", "echo no; exit 1"], within: .seconds(500)) == nil)
        #expect(await shell.output(["-c", "kill -9 $$"], within: .seconds(500)) == nil)
        #expect(
            await shell.output(
                ["-c", "while :; do echo too much output for a symbolizer; done"],
                within: .seconds(500)
            )
                == nil
        )
        #expect(AnalysisTool(named: ["sh"], searchPath: "relative:/nowhere") == nil)
    }
}
