import LambdaModel
import Testing

@testable import Inspection

@Suite struct AnalysisRecordTests {
    static let rich = CPUAnalysis(
        architecture: .x86_64,
        reachedFunctions: 120,
        needs: [
            CPUNeed(
                features: [.avx, .avx2],
                functionCount: 12,
                witnesses: [
                    CPUWitness(
                        feature: .avx2,
                        path: ["_start", "main", "odd\tname\nwith \\n and \r and \u{1B}[2J"],
                        address: .max,
                        offset: 0x2c,
                        instruction: "vpbroadcastd ymm0, xmm0"
                    )
                ]
            ),
            CPUNeed(features: [.lzcnt], functionCount: 1, witnesses: []),
        ],
        guardedFeatures: [.avx512f, .gfni],
        hasOwnCheck: true,
        goLevel: 3,
        blindSpots: ["it makes code at run time", "a tab\there", ""],
        int80: CPUWitness(feature: nil, path: [], address: 0x40_1000, offset: 0, instruction: "int 0x80")
    )

    @Test(arguments: [rich, CPUAnalysis(architecture: .arm64)]) func whatIsWrittenIsRead(_ analysis: CPUAnalysis) {
        #expect(AnalysisRecord.decode(AnalysisRecord.encode(analysis)) == analysis)
    }

    @Test func aPartOfARecordIsNothing() {
        let text = AnalysisRecord.encode(Self.rich)
        // Without its last newline it is whole.
        for count in 0..<text.utf8.count - 1 {
            #expect(AnalysisRecord.decode(String(decoding: text.utf8.prefix(count), as: UTF8.self)) == nil)
        }
    }

    @Test(
        arguments: [
            "", "end\n", "architecture\tmips\nend\n", "reached\t1\nend\n", "architecture\tarm64\nreached\t-1\nend\n",
            "architecture\tarm64\nreached\t99999999999999999999\nend\n", "architecture\tarm64\nguarded\tavx9\nend\n",
            "architecture\tarm64\nwitness\t\t0\t0\tx\nend\n",
            "architecture\tarm64\nneed\t1\tlse\nwitness\t\tzz\t0\tx\nend\n",
            "architecture\tarm64\nblind\ta\\q\nend\n", "architecture\tarm64\nblind\ta\\\nend\n",
            "architecture\tarm64\nend\nmore\n", "architecture\tarm64\narchitecture\tarm64\nend\n",
            "architecture\tarm64\nunknown\t1\nend\n",
        ]
    )
    func whatWasNotWrittenLikeThisIsNothing(_ text: String) {
        #expect(AnalysisRecord.decode(text) == nil)
    }

    @Test func damageIsNoTrap() {
        let bytes = Array(AnalysisRecord.encode(Self.rich).utf8)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                damaged[Int.random(in: 0..<damaged.count, using: &generator)] = UInt8.random(in: 0...255)
            }
            _ = AnalysisRecord.decode(String(decoding: damaged, as: UTF8.self))
        }
    }

    @Test func findingsAreReadAsTheyWereWritten() throws {
        let findings = FileFindings(
            program: nil,
            findings: [
                StartupFinding(
                    .error,
                    "glibc.too-new",
                    file: "/var/task/a\tb",
                    "needs\nmore",
                    fixes: ["one", "", "two\\"]
                ),
                StartupFinding(.note, "x", ""),
            ]
        )
        #expect(FileFindings(record: findings.record) == findings)
        for count in 0..<findings.record.utf8.count - 1 {
            #expect(FileFindings(record: String(decoding: findings.record.utf8.prefix(count), as: UTF8.self)) == nil)
        }
        #expect(FileFindings(record: "program\trust\tstatic\tmusl\t1\t0\t=rustc\nend\n")?.program?.language == .rust)
        #expect(FileFindings(record: "program\tcobol\tstatic\tmusl\t1\t0\t\nend\n") == nil)
    }
}
