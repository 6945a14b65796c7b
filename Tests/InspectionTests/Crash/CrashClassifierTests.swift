import LambdaModel
import Testing

@testable import Inspection

@Suite struct CrashClassifierTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var signal: Int32
        var code: Int32? = 1
        var fault: UInt64?
        var pc: UInt64 = 0x40_1000
        var sp: UInt64 = 0x7FFF_FFFF_E000
        var bytes: [UInt8] = [0x90]
        var architecture = Architecture.x86_64
        var words: ProgramWords.Kind?
        var cause: String

        var testDescription: String { name }
    }

    static let avx2: [UInt8] = [0xC4, 0xE2, 0x7D, 0x58, 0xC0] + [UInt8](repeating: 0x90, count: 11)
    static let rest = [UInt8](repeating: 0x90, count: 14)

    @Test(arguments: [
        Case(name: "ud2", signal: 4, code: 2, bytes: [0x0F, 0x0B], cause: "program-trap"),
        Case(name: "ud2 without siginfo", signal: 4, code: nil, bytes: [0x0F, 0x0B] + rest, cause: "program-trap"),
        Case(name: "ud1 of a sanitizer", signal: 4, bytes: [0x67, 0x0F, 0xB9, 0x40, 0x0A], cause: "program-trap"),
        Case(name: "udf", signal: 4, bytes: [0, 0, 0, 0], architecture: .arm64, cause: "program-trap"),
        Case(name: "brk", signal: 5, bytes: [0x20, 0, 0x20, 0xD4], architecture: .arm64, cause: "program-trap"),
        Case(name: "raise(SIGILL)", signal: 4, code: -6, bytes: avx2, cause: "sent-by-program"),
        Case(name: "AVX2", signal: 4, bytes: avx2, cause: "cpu-feature-missing"),
        Case(name: "no bytes", signal: 4, bytes: [], cause: "instruction-unknown"),
        Case(name: "popcnt", signal: 4, bytes: [0xF3, 0x0F, 0xB8, 0xC0] + rest, cause: "instruction-refused"),
        Case(
            name: "lzcnt faults nowhere",
            signal: 4,
            bytes: [0xF3, 0x0F, 0xBD, 0xC0] + rest,
            cause: "instruction-refused"
        ),
        Case(name: "nop", signal: 4, bytes: [0x90] + rest, cause: "instruction-refused"),
        Case(name: "no instruction", signal: 4, bytes: [0x06] + rest, cause: "invalid-instruction"),
        Case(
            name: "eor3",
            signal: 4,
            bytes: [0x20, 0x0C, 0x02, 0xCE],
            architecture: .arm64,
            cause: "cpu-feature-missing"
        ),
        Case(name: "null", signal: 11, fault: 0, cause: "null-dereference"),
        Case(name: "field of null", signal: 11, fault: 0x18, cause: "null-dereference"),
        Case(
            name: "null on arm64",
            signal: 11,
            fault: 8,
            bytes: [0, 0, 0x40, 0xF9],
            architecture: .arm64,
            cause: "null-dereference"
        ),
        Case(name: "far from null", signal: 11, fault: 0x20_0000, cause: "unmapped-memory"),
        Case(name: "read-only", signal: 11, code: 2, fault: 0x40_2000, cause: "protected-memory"),
        Case(name: "call of null", signal: 11, fault: 0, pc: 0, bytes: [], cause: "null-call"),
        Case(name: "call of null, no address", signal: 11, code: nil, pc: 0, bytes: [], cause: "null-call"),
        Case(name: "call of data", signal: 11, code: 2, fault: 0x60_0000, pc: 0x60_0000, cause: "execution-of-data"),
        Case(name: "push at the stack's end", signal: 11, fault: 0x7FFF_FFFF_DFF8, cause: "stack-overflow"),
        Case(name: "probe of a big frame", signal: 11, fault: 0x7FFF_FFFF_2000, cause: "stack-overflow"),
        Case(name: "first use of a big frame", signal: 11, fault: 0x7FFF_FFFF_E100, cause: "stack-overflow"),
        Case(name: "stack overflow seen by Rust", signal: 6, code: -6, words: .stackOverflow, cause: "stack-overflow"),
        Case(name: "no address told", signal: 11, code: 0x80, fault: 0, cause: "invalid-pointer"),
        Case(
            name: "movaps",
            signal: 11,
            code: 0x80,
            fault: 0,
            bytes: [0x0F, 0x29, 0x41, 0x01] + rest,
            cause: "misaligned-access"
        ),
        Case(
            name: "movdqa",
            signal: 11,
            code: 0x80,
            fault: 0,
            bytes: [0x66, 0x0F, 0x7F, 0x01] + rest,
            cause: "misaligned-access"
        ),
        Case(
            name: "vmovdqa",
            signal: 11,
            code: 0x80,
            fault: 0,
            bytes: [0xC5, 0xFD, 0x7F, 0x01] + rest,
            cause: "misaligned-access"
        ),
        Case(
            name: "movups needs none",
            signal: 11,
            code: 0x80,
            fault: 0,
            bytes: [0x0F, 0x11, 0x41, 0x01] + rest,
            cause: "invalid-pointer"
        ),
        Case(name: "hlt", signal: 11, code: 0x80, fault: 0, bytes: [0xF4], cause: "program-trap"),
        Case(name: "int 0x80", signal: 11, code: 0x80, fault: 0, bytes: [0xCD, 0x80], cause: "int80"),
        Case(name: "in", signal: 11, code: 0x80, fault: 0, bytes: [0xEC] + rest, cause: "privileged-instruction"),
        Case(name: "emulator tells nothing", signal: 11, code: nil, cause: "unknown"),
        Case(name: "raise(SIGSEGV)", signal: 11, code: 0, fault: 0x1234, cause: "sent-by-program"),
        Case(name: "idiv", signal: 8, bytes: [0x48, 0xF7, 0xFE], cause: "division"),
        Case(name: "div without siginfo", signal: 8, code: nil, bytes: [0xF6, 0xF1], cause: "division"),
        Case(name: "not a division", signal: 8, code: nil, bytes: [0x90] + rest, cause: "unknown"),
        Case(name: "neg is no division", signal: 8, code: 3, bytes: [0xF7, 0xD8], cause: "unknown"),
        Case(name: "abort", signal: 6, code: -6, cause: "abort"),
        Case(name: "short file", signal: 7, code: 2, fault: 0x7000_0000, cause: "mapped-file-truncated"),
        Case(name: "alignment", signal: 7, code: 1, fault: 3, cause: "misaligned-access"),
        Case(name: "seccomp", signal: 31, code: 1, cause: "system-call-refused"),
        Case(name: "another signal", signal: 24, cause: "unknown"),
    ])
    func tellsTheCause(_ example: Case) throws {
        let facts = CrashFacts(
            signal: example.signal,
            signalCode: example.code,
            faultAddress: example.fault,
            architecture: example.architecture,
            programCounter: example.pc,
            stackPointer: example.sp,
            code: example.bytes
        )
        let cpu =
            example.architecture == .arm64 ? CPUProfile.lambdaARM64 : CPUProfile.named.first { $0.name == "rosetta2" }
        let classifier = CrashClassifier(
            facts: facts,
            instruction: CrashInstruction.read(example.bytes, address: example.pc, architecture: example.architecture),
            cpu: try #require(cpu),
            words: example.words.map { ProgramWords(kind: $0, text: "") }
        )
        #expect(classifier.cause.code == example.cause)
    }

    @Test func aCPUOfUnknownFeaturesHasGivenTheAnswerItself() {
        var cpu = CPUProfile.lambdaX86
        cpu.features = nil
        let facts = CrashFacts(signal: 4, signalCode: 2, architecture: .x86_64, programCounter: 1, code: Self.avx2)
        let instruction = CrashInstruction(text: "vpbroadcastd ymm0, xmm0", feature: .avx2)
        #expect(CrashClassifier(facts: facts, instruction: instruction, cpu: cpu).cause == .featureMissing(.avx2))
    }

    @Test func aBreakpointLeavesTheProgramCounterBehindItself() {
        let facts = CrashFacts(signal: 5, signalCode: 0x80, architecture: .x86_64, programCounter: 1, code: [0x90])
        let classifier = CrashClassifier(
            facts: facts,
            instruction: CrashInstruction(text: "nop"),
            instructionBefore: CrashInstruction(text: "int3", kind: .trap),
            cpu: .lambdaX86
        )
        #expect(classifier.cause == .programTrap)
    }

    /// The launcher's answer to a call of the 32-bit ABI where it is to be as on Lambda, and no other sent signal.
    @Test(arguments: [(-6 as Int32, "int80"), (0, "sent-by-program")])
    func aRefusedCallOfThe32BitABIIsKnownByTheInstructionBefore(code: Int32, cause: String) {
        let facts = CrashFacts(signal: 11, signalCode: code, architecture: .x86_64, programCounter: 1, code: [0x90])
        let classifier = CrashClassifier(
            facts: facts,
            instruction: CrashInstruction(text: "nop"),
            instructionBefore: CrashInstruction(text: "int 0x80", kind: .int80),
            cpu: .lambdaX86
        )
        #expect(classifier.cause.code == cause)
    }

    /// Nothing that a crashed process leaves behind may trap the one that explains it.
    @Test func survivesEveryNonsense() async {
        var random = SystemRandomNumberGenerator()
        let edges: [UInt64] = [0, 1, 0xFFFF, 0x1_0000, .max, .max - 1, 1 << 63, 0x7FFF_FFFF_FFFF]
        for _ in 0..<3000 {
            let code = (0..<Int.random(in: 0...32)).map { _ in UInt8.random(in: 0...255) }
            var value: UInt64 {
                Bool.random() ? edges.randomElement(using: &random) ?? 0 : UInt64.random(in: 0...(.max))
            }
            let facts = CrashFacts(
                signal: [4, 5, 6, 7, 8, 11, 31, -1, .max].randomElement(using: &random) ?? 4,
                signalCode: [nil, 0, 1, 2, 0x80, .min].randomElement(using: &random) ?? nil,
                faultAddress: Bool.random() ? value : nil,
                architecture: Bool.random() ? .x86_64 : .arm64,
                programCounter: value,
                stackPointer: value,
                code: code,
                module: CrashFacts.Module(path: "/nowhere", loadBias: value),
                returnAddresses: (0..<4).map { _ in
                    CrashFacts.Frame(address: value, module: .init(path: "/no", loadBias: value))
                }
            )
            var context = CrashContext(cpu: .lambdaX86)
            context.toolPath = "/nowhere"
            let diagnosis = await CrashDiagnosis.diagnose(facts, context: context)
            #expect(diagnosis.explanation.lines.count >= 2)
        }
    }
}
