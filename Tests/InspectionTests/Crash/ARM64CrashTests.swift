import LambdaModel
import Testing

@testable import Inspection

/// Facts made by hand from real arm64 programs, for which no arm64 machine is needed.
@Suite(.serialized) struct ARM64CrashTests {
    @Test(
        CrashTools.needs("aarch64-linux-gnu-gcc"),
        arguments: [
            ("eor3 v0.16b, v1.16b, v2.16b, v3.16b", 4, "cpu-feature-missing", "this CPU (lambda-arm64) has no SHA3"),
            ("brk #1", 5, "program-trap", "brk #0x1 is there for that"),
            ("udf #0", 4, "program-trap", "udf #0x0"),
            ("ldaddal x0, x1, [x2]", 4, "instruction-refused", "this CPU (lambda-arm64) has LSE"),
        ] as [(String, Int32, String, String)]
    )
    func explainsAnInstruction(assembly: String, signal: Int32, cause: String, expected: String) async throws {
        let crashed = try await CrashedProgram(
            source: """
                int mix(int a) {
                    __asm__ volatile(".arch armv8.2-a+sha3+lse\\n\\tudf #4711\\n\\t\(assembly)" ::: "memory");
                    return a;
                }
                void _start(void) { mix(1); }
                """,
            named: "main.c",
            build: [
                "aarch64-linux-gnu-gcc", "-O1", "-g", "-nostdlib", "-static", "-march=armv8.2-a+sha3", "-o",
                "bootstrap", "main.c",
            ]
        )
        let image = try ELFImage(path: crashed.program)
        let text = try #require(image.section(named: ".text"))
        let range = try #require(image.range(of: text))
        // The instruction behind the mark.
        let mark: [UInt8] = [0x67, 0x12, 0, 0]
        let offset = try #require(range.first { $0 % 4 == 0 && Array(image.bytes[$0..<($0 + 4)]) == mark }) + 4
        let facts = CrashFacts(
            signal: signal,
            signalCode: 1,
            architecture: .arm64,
            emulatedModel: "neoverse-n1",
            executable: crashed.program,
            programCounter: text.address + UInt64(offset - range.lowerBound) + 0x4000_0000,
            code: Array(image.bytes[offset..<min(offset + 16, range.upperBound)]),
            module: .init(path: crashed.program, loadBias: 0x4000_0000)
        )
        var context = CrashContext(cpu: .lambdaARM64, build: .makefile)
        context.sourceDirectories = [crashed.directory]
        let diagnosis = await CrashDiagnosis.diagnose(facts, context: context)
        let lines = diagnosis.explanation.lines.joined(separator: "\n")
        #expect(diagnosis.cause.code == cause)
        #expect(diagnosis.language == .c)
        #expect(lines.contains(expected), "\(lines)")
        #expect(lines.contains("mix+0x"), "\(lines)")
    }
}
