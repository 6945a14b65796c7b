import LambdaModel
import Testing

@testable import Inspection

struct CPUVerdictTests {
    private static let plain = CPUProfile(
        name: "plain",
        architecture: .x86_64,
        features: [.sse3, .ssse3, .sse41, .sse42, .popcnt, .cx16, .lahf],
        emulatorModel: nil,
        summary: ""
    )

    private func analysis(needing count: Int, of reached: Int, hasOwnCheck: Bool, blindSpots: [String] = [])
        -> CPUAnalysis
    {
        let witness = CPUWitness(feature: .avx2, path: ["main"], address: 1, offset: 0, instruction: "vpxor")
        return CPUAnalysis(
            architecture: .x86_64,
            reachedFunctions: reached,
            needs: [CPUNeed(features: [.avx2, .popcnt], functionCount: count, witnesses: [witness])],
            hasOwnCheck: hasOwnCheck,
            blindSpots: blindSpots
        )
    }

    @Test(arguments: [
        (1, 1000, false, CPUVerdict.Level.will), (1, 1000, true, .may), (10, 1000, true, .will), (9, 1000, true, .may),
    ])
    func oneFunctionInAHundredMakesItCertain(_ count: Int, _ reached: Int, _ asks: Bool, _ level: CPUVerdict.Level) {
        let verdict = analysis(needing: count, of: reached, hasOwnCheck: asks).verdict(on: Self.plain)
        #expect(verdict.level == level)
        #expect(verdict.missing == [.avx2])
        #expect(verdict.functionCount == count)
        #expect(verdict.witnesses.count == 1)
        #expect(verdict.reason.contains("AVX2"))
    }

    @Test(arguments: [(50, CPUVerdict.Level.may), (100, .will)])
    func unseenChecksMakeItLessCertain(_ count: Int, _ level: CPUVerdict.Level) {
        let found = analysis(
            needing: count,
            of: 1000,
            hasOwnCheck: true,
            blindSpots: [CPUAnalysis.answersOnHeap]
        )
        #expect(found.verdict(on: Self.plain).level == level)
    }

    @Test func whatTheCPUHasIsNoNeed() {
        let verdict = analysis(needing: 5, of: 10, hasOwnCheck: false).verdict(on: .lambdaX86)
        #expect(verdict.level == .none)
        #expect(verdict.witnesses.isEmpty)
    }

    @Test(arguments: [(1, CPUVerdict.Level.none), (2, .none), (3, .will), (4, .will)])
    func goChecksItsLevelItself(_ level: Int, _ expected: CPUVerdict.Level) {
        let found = CPUAnalysis(architecture: .x86_64, reachedFunctions: 9, hasOwnCheck: true, goLevel: level)
        #expect(found.verdict(on: Self.plain).level == expected)
    }

    @Test func otherArchitecturesAreNotJudged() {
        #expect(analysis(needing: 1, of: 1, hasOwnCheck: false).verdict(on: .lambdaARM64).level == .none)
    }

    @Test func unknownFeaturesAreNoAllClear() {
        var unknown = Self.plain
        unknown.features = nil
        #expect(analysis(needing: 1, of: 1, hasOwnCheck: false).verdict(on: unknown).level == .may)
    }
}
