import LambdaModel
import ProjectTemplates
import Testing

@Suite struct ProjectNameTests {
    @Test(arguments: ["a", "hello", "Hello-World_2.0", "7nests", "a..b", String(repeating: "a", count: 128)])
    func good(_ name: String) throws {
        #expect(try ProjectName(name).text == name)
    }

    @Test(
        arguments: [
            "", ".", "..", ".hidden", "-n", "_x", "a b", "a/b", "/a", "../a", "größe", "a\n", "a\0b", "a'b", "a\\b",
            "$HOME",
            String(repeating: "a", count: 129),
        ]
    )
    func bad(_ name: String) {
        #expect(throws: ApusError.self) { try ProjectName(name) }
    }

    @Test func aPathIsToldWhereToGo() {
        let error = #expect(throws: ApusError.self) { try ProjectName("out/hello") }
        #expect(error?.description.contains("--output-dir") == true)
    }
}
