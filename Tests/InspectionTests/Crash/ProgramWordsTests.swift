import LambdaModel
import Testing

@testable import Inspection

@Suite struct ProgramWordsTests {
    @Test(
        arguments: [
            ("main/main.swift:2: Fatal error: boom\n", .swiftTrap, "main/main.swift:2: Fatal error: boom"),
            ("x.swift:9: Fatal error\n", .swiftTrap, "x.swift:9: Fatal error"),
            (
                "m.swift:2: Precondition failed: too few\nCurrent stack trace:\n0 pre\n", .swiftTrap,
                "m.swift:2: Precondition failed: too few"
            ),
            (
                "\nthread 'main' (77) panicked at src/main.rs:3:5:\nindex out of bounds: 6\nnote: run with\n",
                .rustPanic,
                "thread 'main' (77) panicked at src/main.rs:3:5: index out of bounds: 6"
            ),
            (
                "thread 'main' panicked at 'old', src/main.rs:3:5\nnote: run with\n", .rustPanic,
                "thread 'main' panicked at 'old', src/main.rs:3:5"
            ),
            (
                "thread 'main' has overflowed its stack\nfatal runtime error: stack overflow\n", .stackOverflow,
                "fatal runtime error: stack overflow"
            ),
            (
                "a: main.c:3: main: Assertion `c > 7' failed.\n", .assertion,
                "a: main.c:3: main: Assertion `c > 7' failed."
            ),
            ("free(): double free detected in tcache 2\n", .heapDamage, "free(): double free detected in tcache 2"),
            (
                "*** stack smashing detected ***: terminated\n", .stackSmashing,
                "*** stack smashing detected ***: terminated"
            ),
            (
                "terminate called after throwing an instance of 'std::runtime_error'\n  what():  no\n",
                .uncaughtException,
                "terminate called after throwing an instance of 'std::runtime_error' what():  no"
            ),
            ("free(): invalid pointer\nm.swift:1: Fatal error: later\n", .swiftTrap, "m.swift:1: Fatal error: later"),
            ("m.swift:1: Fatal error: \u{1B}[2Jred\r\n", .swiftTrap, "m.swift:1: Fatal error: \\u{1b}[2Jred"),
        ] as [(String, ProgramWords.Kind, String)]
    )
    func findsTheLastWords(output: String, kind: ProgramWords.Kind, text: String) {
        #expect(ProgramWords(outputTail: output) == ProgramWords(kind: kind, text: text))
    }

    @Test(arguments: ["", "\n\n", "all is well\n", "an error: fatal\n"])
    func findsNothing(output: String) {
        #expect(ProgramWords(outputTail: output) == nil)
    }

    @Test func readsOnlyTheEnd() {
        let long = "m.swift:1: Fatal error: early\n" + String(repeating: "fine\n", count: 300)
        #expect(ProgramWords(outputTail: long) == nil)
        let endless = "m.swift:1: Fatal error: " + String(repeating: "x", count: 100_000)
        #expect(ProgramWords(outputTail: endless)?.text.count ?? 0 <= 240)
    }

    // MARK: Refusals at the start

    @Test func goBuiltForANewerLevel() throws {
        let cpu = try #require(CPUProfile.named.first { $0.name == "rosetta2" })
        let said = "This program can only be run on AMD64 processors with v3 microarchitecture support.\n"
        #expect(
            GoLevelExplanation.lines(outputTail: "first\n" + said, cpu: cpu) == [
                "the Go program was built with GOAMD64=v3, and this CPU (rosetta2) has less",
                "Lambda's x86_64 CPUs have level v3",
                "fix: GOAMD64=v2 go build -o bootstrap",
            ]
        )
        #expect(GoLevelExplanation.lines(outputTail: "v3 microarchitecture support\n", cpu: cpu).isEmpty)
        let arm = "This program can only be run on ARM64 processors with LSE support.\n"
        #expect(
            GoLevelExplanation.lines(outputTail: arm, cpu: .lambdaARM64).last
                == "fix: GOARM64=v8.0 go build -o bootstrap"
        )
    }

    @Test(arguments: [
        ("./isa: CPU ISA level is lower than required\n", "./isa was linked for a newer x86-64 level"),
        (
            "./b: error while loading shared libraries: ./lib\u{7}.so: CPU ISA level is lower than required\n",
            "./lib\\u{7}.so was linked"
        ),
        ("Fatal glibc error: CPU does not support x86-64-v2\n", "the C library here was built for x86-64-v2"),
    ])
    func glibcRefuses(output: String, expected: String) throws {
        let cpu = try #require(CPUProfile.named.first { $0.name == "rosetta2" })
        let lines = ISALevelExplanation.lines(outputTail: output, cpu: cpu)
        #expect(lines.first?.hasPrefix(expected) == true, "\(lines)")
        #expect(lines.last?.hasPrefix("fix: ") == true)
        #expect(ISALevelExplanation.lines(outputTail: "CPU ISA level\n", cpu: cpu).isEmpty)
    }

    // MARK: Go's own report

    static let report = """
        SIGILL: illegal instruction
        PC=0x457d00 m=0 sigcode=2
        instruction bytes: 0xc4 0xe2 0x7d 0x58 0xc0 0xc3 0xcc

        goroutine 1 [running]:
        main.(*T).avx(0x0)
        \t/src/my app/avx_amd64.s:3 fp=0xc000038708 sp=0xc000038700 pc=0x457d00
        main.work(0x0?)
        \t/src/my app/main.go:5 +0x34 fp=0xc000038720 sp=0xc000038708 pc=0x457cd4

        goroutine 2 [force gc (idle)]:
        runtime.gopark(0x0?)
        \t/usr/lib/go-1.19/src/runtime/proc.go:363 +0xd6
        """

    @Test func readsGosReport() throws {
        let report = try #require(GoCrashReport(outputTail: "log\n" + Self.report))
        #expect(report.signal == 4)
        #expect(report.programCounter == 0x45_7D00)
        #expect(report.code == [0xC4, 0xE2, 0x7D, 0x58, 0xC0, 0xC3, 0xCC])
        #expect(
            report.frames == [
                .init(function: "main.(*T).avx", file: "/src/my app/avx_amd64.s", line: 3, address: 0x45_7D00),
                .init(function: "main.work", file: "/src/my app/main.go", line: 5, address: 0x45_7CD4),
            ]
        )
    }

    @Test(arguments: [
        "", "SIGILL: illegal instruction\n", "SIGILL: illegal instruction\nPC=0xzz\n",
        "SIGSEGV: segmentation violation\nPC=0x1\n",
    ])
    func otherReportsAreNotRead(output: String) {
        #expect(GoCrashReport(outputTail: output) == nil)
    }
}
