import Testing

@testable import LambdaModel

@Suite struct CrashFactsTests {
    /// The function may know its files by other names than this machine.
    @Test func everyPathIsMapped() {
        var facts = CrashFacts(signal: 11, architecture: .arm64, executable: "/a", programCounter: 7)
        facts.module = .init(path: "/b", loadBias: 1)
        facts.returnAddresses = [
            .init(address: 2, module: .init(path: "/c", loadBias: 3)), .init(address: 4, module: nil),
        ]
        let mapped = facts.mappingPaths { "/host" + $0 }
        var expected = facts
        expected.executable = "/host/a"
        expected.module = .init(path: "/host/b", loadBias: 1)
        expected.returnAddresses[0].module = .init(path: "/host/c", loadBias: 3)
        #expect(mapped == expected)
    }

    @Test func whereThereIsNoPathThereIsNoneAfterwards() {
        let facts = CrashFacts(signal: 6, architecture: .x86_64, programCounter: 0)
        #expect(facts.mappingPaths { _ in "/other" } == facts)
    }
}
