import LambdaModel
import Testing

@testable import Inspection

@Suite struct CrashTextTests {
    static let facts = CrashFacts(
        signal: 4,
        signalCode: 2,
        processID: 4711,
        architecture: .x86_64,
        emulatedModel: "Nehalem",
        executable: "/app/.aws-sam/build/Checksum/bootstrap",
        programCounter: 0x1_2345,
        code: [0xC4, 0xE2, 0x7D, 0x58, 0xC0]
    )

    static func diagnosis(_ cause: CrashCause = .featureMissing(.avx2)) throws -> CrashDiagnosis {
        var diagnosis = CrashDiagnosis(
            facts: facts,
            cause: cause,
            instruction: CrashInstruction(text: "vpbroadcastd ymm0, xmm0", feature: .avx2),
            location: CrashLocation(
                function: "main::checksum",
                offset: 0x2C,
                file: "src/main.rs",
                line: 10,
                module: "/app/.aws-sam/build/Checksum/bootstrap",
                address: 0x1_2345
            ),
            caller: nil,
            cpu: try #require(CPUProfile.named.first { $0.name == "rosetta2" }),
            phase: .initialization,
            language: .rust,
            words: nil,
            runsOn: [],
            unguardedFunctions: nil,
            reasons: [],
            fixes: []
        )
        var context = CrashContext(cpu: diagnosis.cpu, build: .apus)
        context.toolPath = "/nowhere"
        let analysis = CPUAnalysis(
            architecture: .x86_64,
            needs: [
                CPUNeed(features: [.avx, .avx2], functionCount: 10, witnesses: []),
                CPUNeed(features: [.avx2, .bmi2], functionCount: 2, witnesses: []),
                CPUNeed(features: [.bmi1], functionCount: 4, witnesses: []),
            ]
        )
        CrashReasons(words: nil, frames: [], analysis: analysis, context: context).complete(&diagnosis)
        return diagnosis
    }

    @Test func writesTheWholeStory() throws {
        #expect(
            try Self.diagnosis().explanation.lines == [
                "error: the function died of an illegal instruction during init",
                "  vpbroadcastd ymm0, xmm0   needs AVX2      main::checksum+0x2c   src/main.rs:10",
                "  this CPU (rosetta2) has no AVX2; lambda-x86_64 has",
                "  12 functions reach AVX2 without a CPU check, so the build itself targets haswell",
                "fix one of:",
                "  SAM_BUILD_MODE=debug apus build          unoptimised, for local runs only",
                "  apus build --target-cpu x86-64-v2        optimised, runs on both",
                "  Architectures: [arm64] in template.yaml  native on Apple silicon, Graviton in the cloud",
            ]
        )
    }

    @Test func writesTheSameAsJSON() throws {
        let json = try Self.diagnosis().explanation.json
        try expectJSON(json)
        for member in [
            #""signal":4,"signalName":"SIGILL","cause":"cpu-feature-missing","phase":"init""#,
            #""process":{"pid":4711,"main":true,"executable":"/app/.aws-sam/build/Checksum/bootstrap"}"#,
            #""cpu":"rosetta2","emulated":true,"instruction":"vpbroadcastd ymm0, xmm0","feature":"avx2""#,
            #""function":"main::checksum","offset":44,"file":"src/main.rs","line":10,"lineIsExact":true"#,
            #""address":"0x12345""#, #""runsOn":["lambda-x86_64","x86-64-v3","x86-64-v4"]"#,
            #""unguardedFunctions":12"#,
            #"{"action":"apus build --target-cpu x86-64-v2","effect":"optimised, runs on both"}"#,
        ] {
            #expect(json.contains(member), "\(json)")
        }
    }

    @Test func saysWhenLambdaLacksItToo() throws {
        var diagnosis = try Self.diagnosis(.featureMissing(.avx512f))
        #expect(
            diagnosis.reasons.first
                == "this CPU (rosetta2) has no AVX-512F; nor has lambda-x86_64: it would die on Lambda too"
        )
        diagnosis.cpu.features = nil
        #expect(diagnosis.runsOn == ["x86-64-v4"])
    }

    @Test func namesAChild() throws {
        var diagnosis = try Self.diagnosis()
        diagnosis.facts.isMainProcess = false
        diagnosis.facts.executable = "/app/bin/check\u{1B}sum"
        diagnosis.phase = .invocation
        #expect(
            diagnosis.explanation.lines.first
                == "error: a child process of the function (check\\u{1b}sum, process 4711) died of an illegal instruction during an invocation"
        )
    }

    @Test func breaksLongPlaces() throws {
        var diagnosis = try Self.diagnosis()
        diagnosis.location?.function =
            "<app::" + String(repeating: "nested::", count: 30) + "Thing as core::Trait>::run"
        diagnosis.caller = diagnosis.location
        let lines = diagnosis.explanation.lines
        #expect(lines[1] == "  vpbroadcastd ymm0, xmm0   needs AVX2")
        #expect(lines[2].hasPrefix("  in <app::nested") && lines[2].hasSuffix("::run+0x2c   src/main.rs:10"))
        #expect(lines[3].hasPrefix("  called from <app::"))
        #expect(lines.allSatisfy { $0.count <= 110 }, "\(lines)")
    }

    @Test func showsWhatIsKnown() throws {
        var diagnosis = try Self.diagnosis()
        diagnosis.location = CrashLocation(module: "/app/bootstrap", address: 0x12)
        #expect(diagnosis.explanation.lines[1] == "  vpbroadcastd ymm0, xmm0   needs AVX2      bootstrap at 0x12")
        diagnosis.location = nil
        #expect(diagnosis.explanation.lines[1] == "  vpbroadcastd ymm0, xmm0   needs AVX2")
        diagnosis.instruction = nil
        #expect(diagnosis.explanation.lines[1].hasPrefix("  this CPU"))
        try expectJSON(diagnosis.explanation.json)
    }

    /// Names come from files and from output that anyone may have written.
    @Test func obeysNoControlCharacters() throws {
        var diagnosis = try Self.diagnosis()
        diagnosis.location?.function = "a\u{1B}[31m\n\"b\\"
        diagnosis.location?.file = "c\r\u{202E}d"
        diagnosis.reasons = ["e\u{9B}f\u{0}"]
        let lines = diagnosis.explanation.lines
        #expect(lines.joined().unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x9B && $0.value != 0x202E })
        try expectJSON(diagnosis.explanation.json)
    }

    @Test(arguments: CPUFeature.allCases)
    func everyFeatureHasItsLine(_ feature: CPUFeature) throws {
        var diagnosis = try Self.diagnosis(.featureMissing(feature))
        // Also where the instruction has a kind of its own: an aligned load of AVX.
        diagnosis.instruction = CrashInstruction(text: "x", feature: feature, kind: .aligned)
        #expect(diagnosis.explanation.lines[1].contains("needs \(feature.name)"))
    }

    @Test(
        arguments: [
            (0, nil), (1, "1 function reaches AVX2 without a CPU check"),
            (2, "2 functions reach AVX2 without a CPU check"),
            (3, "3 functions reach AVX2 without a CPU check, so the build itself targets haswell"),
        ] as [(Int, String?)]
    )
    func countsTheFunctions(count: Int, sentence: String?) throws {
        var diagnosis = try Self.diagnosis()
        let analysis = CPUAnalysis(
            architecture: .x86_64,
            needs: count == 0 ? [] : [CPUNeed(features: [.avx2], functionCount: count, witnesses: [])]
        )
        let context = CrashContext(cpu: diagnosis.cpu)
        CrashReasons(words: nil, frames: [], analysis: analysis, context: context).complete(&diagnosis)
        #expect(diagnosis.reasons.dropFirst().first == sentence)
    }
}
