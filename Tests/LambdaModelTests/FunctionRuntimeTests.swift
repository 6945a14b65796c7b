import LambdaModel
import Testing

@Suite struct FunctionRuntimeTests {
    @Test(
        arguments: [
            ("provided", true, "provided"),
            ("provided.al2", true, "provided:al2"),
            ("provided.al2023", true, "provided:al2023"),
            ("python3.13", false, "python3.13"),
            ("nodejs22.x", false, "nodejs22.x"),
            ("java8.al2", false, "java8.al2"),
            ("go1.x", false, "go1.x"),
        ]
    )
    func knows(_ identifier: String, isCustom: Bool, label: String) throws {
        let runtime = try #require(FunctionRuntime(identifier: identifier))
        #expect(runtime.isCustom == isCustom)
        #expect(runtime.versionLabel == label)
        #expect(runtime.identifier == identifier)
        #expect(runtime.description == identifier)
    }

    @Test(
        arguments: [
            "", " ", "Provided", "provided.al2024", "provided.al2023 ", "provided:al2023", "python", "python3", "rust",
            "al2023",
        ]
    )
    func refuses(_ identifier: String) {
        #expect(FunctionRuntime(identifier: identifier) == nil)
    }

    @Test func constantsAreWhatTheirIdentifiersSay() {
        #expect(FunctionRuntime(identifier: "provided") == .provided)
        #expect(FunctionRuntime(identifier: "provided.al2") == .providedAL2)
        #expect(FunctionRuntime(identifier: "provided.al2023") == .providedAL2023)
    }
}
