import LambdaModel
import Testing

@testable import Inspection

@Suite struct InspectionReportTests {
    private static func analysis(_ features: Set<CPUFeature>, hasOwnCheck: Bool = false, reached: Int = 50)
        -> CPUAnalysis
    {
        let witnesses = features.map { feature in
            CPUWitness(
                feature: feature,
                path: ["_start", "main", "check\u{1B}[31msum"],
                address: 0x1234,
                offset: 0x2c,
                instruction: "insn \(feature.rawValue)"
            )
        }
        return CPUAnalysis(
            architecture: features.first?.architecture ?? .x86_64,
            reachedFunctions: reached,
            needs: features.isEmpty
                ? [] : [CPUNeed(features: features, functionCount: 1, witnesses: witnesses)],
            hasOwnCheck: hasOwnCheck,
            blindSpots: ["code made at run time"]
        )
    }

    private static func file(
        _ name: String,
        _ analysis: CPUAnalysis?,
        findings: [StartupFinding] = [],
        obstacle: String? = nil
    ) -> ArtifactReport {
        ArtifactReport(
            artifact: PackageContents.Artifact(
                kind: .program,
                role: name == "bootstrap" ? .bootstrap : .file,
                path: "/tmp/" + name,
                shownPath: "/var/task/" + name,
                isExecutable: true,
                size: 70_000
            ),
            findings: findings,
            program: nil,
            analysis: analysis,
            obstacle: obstacle
        )
    }

    private static func report(
        _ artifacts: [ArtifactReport],
        profiles: [CPUProfile] = CPUProfile.named.filter { $0.architecture == .x86_64 },
        decisive: Set<String> = ["lambda-x86_64"],
        findings: [StartupFinding] = []
    ) -> InspectionReport {
        InspectionReport(
            title: "Hello\u{7}",
            architecture: .x86_64,
            image: .al2023,
            build: .apus,
            profiles: profiles,
            decisive: decisive,
            artifacts: artifacts,
            findings: findings,
            omissions: []
        )
    }

    private static let rosetta = CPUProfile.named.filter { $0.name == "rosetta2" }

    // MARK: Exit status

    @Test func statusFollowsLambdaUnlessCPUsWereAskedFor() {
        let avx2 = Self.file("bootstrap", Self.analysis([.avx2]))
        #expect(Self.report([avx2]).exitStatus == 0)
        #expect(Self.report([avx2], profiles: Self.rosetta, decisive: ["rosetta2"]).exitStatus == 1)
        #expect(Self.report([Self.file("bootstrap", Self.analysis([.avx512f]))]).exitStatus == 1)
    }

    @Test func doubtIsThree() {
        let doubtful = Self.file("bootstrap", Self.analysis([.avx512f], hasOwnCheck: true, reached: 5_000))
        #expect(Self.report([doubtful]).exitStatus == 3)
    }

    @Test func whatWillNotStartIsOne() {
        let error = StartupFinding(.error, "glibc.too-new", file: "/var/task/bootstrap", "needs glibc 2.38")
        let warning = StartupFinding(.warning, "library.unknown", "may be missing")
        #expect(Self.report([Self.file("bootstrap", Self.analysis([]), findings: [error])]).exitStatus == 1)
        #expect(Self.report([], findings: [error]).exitStatus == 1)
        #expect(Self.report([Self.file("bootstrap", Self.analysis([]), findings: [warning])]).exitStatus == 0)
    }

    @Test func whatCouldNotBeJudgedIsTwo() {
        let file = Self.file("bootstrap", nil, obstacle: "Zydis is missing")
        #expect(Self.report([file]).exitStatus == 2)
        #expect(Self.report([file]).text.contains("not judged: Zydis is missing"))
    }

    @Test func cpusOfAnotherArchitectureFail() {
        let profiles = [CPUProfile.lambdaARM64]
        let report = Self.report(
            [Self.file("bootstrap", Self.analysis([]))],
            profiles: profiles,
            decisive: ["lambda-arm64"]
        )
        #expect(report.exitStatus == 1)
        #expect(report.text.contains("it is for x86_64, and lambda-arm64 is a CPU of arm64"))
    }

    // MARK: Verdicts

    @Test func theWorstFileDecides() throws {
        let report = Self.report([
            Self.file("bootstrap", Self.analysis([])), Self.file("lib/tool", Self.analysis([.avx512f])),
        ])
        #expect(report.verdict(on: .lambdaX86).level == .will)
        #expect(report.culprit(on: .lambdaX86)?.artifact.shownPath == "/var/task/lib/tool")
        #expect(report.text.contains("in /var/task/lib/tool"))
    }

    // MARK: Text

    @Test func theTextBeginsWithTheAnswer() throws {
        let text = Self.report(
            [Self.file("bootstrap", Self.analysis([.avx2]))],
            profiles: Self.rosetta,
            decisive: ["rosetta2"]
        )
        .text
        #expect(text.hasPrefix("Hello\\u{7}: will fail on rosetta2\n"))
        #expect(text.contains("insn avx2  needs AVX2"))
        #expect(text.contains("+0x2c"))
        #expect(text.contains("_start > main > "))
        for fix in ["SAM_BUILD_MODE=debug apus build", "apus build --target-cpu x86-64-v2", "Architectures: [arm64]"] {
            #expect(text.contains(fix), "\(text)")
        }
        #expect(text.contains("code made at run time"))
    }

    @Test func nothingInItCommandsTheTerminal() {
        let error = StartupFinding(.error, "x", file: "/var/task/a\u{1B}b", "bad \u{9B}31m name", fixes: ["do\u{7}"])
        let report = Self.report(
            [Self.file("bootstrap\u{1B}]0;x", Self.analysis([.avx512f]), findings: [error], obstacle: "no\u{8}")],
            findings: [error]
        )
        let isPlain = report.text.unicodeScalars.allSatisfy {
            $0 == "\n" || ($0.value >= 0x20 && !(0x7F...0x9F).contains($0.value))
        }
        #expect(isPlain, "\(report.text.debugDescription)")
    }

    // MARK: JSON

    @Test func theJSONIsJSON() throws {
        let error = StartupFinding(.error, "x", file: "/var/task/a\"b", "quote \" and \u{1B}", fixes: ["one", "two"])
        let report = Self.report(
            [
                Self.file("bootstrap", Self.analysis([.avx512f, .avx2]), findings: [error]),
                Self.file("a\"b\u{1B}", nil, obstacle: "damaged"),
            ],
            findings: [error]
        )
        try JSONSyntax.validate(Array(report.json.utf8))
        for member in [
            "\"schemaVersion\":1", "\"status\":1", "\"willStart\":false", "\"verdict\":\"will\"", "\"decides\":true",
            "\"address\":\"0x1234\"", "\"notJudged\":\"damaged\"", "\"code\":\"x\"",
            "\"action\":\"SAM_BUILD_MODE=debug apus build\"",
        ] {
            #expect(report.json.contains(member), "\(member)")
        }
        #expect(!report.json.utf8.contains(0x1B))
    }
}
