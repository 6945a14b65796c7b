import LambdaModel
import Testing

@Suite struct JSONIndentationTests {
    @Test(
        arguments: [
            ("1.50", "1.50"), ("{}", "{}"), ("[ ]", "[]"), (#""a\n""#, #""a\n""#),
            ("[1,[2]]", "[\n  1,\n  [\n    2\n  ]\n]"),
            (#"{"a":{"b":[],"c":null}}"#, "{\n  \"a\": {\n    \"b\": [],\n    \"c\": null\n  }\n}"),
        ]
    )
    func aLineForEachMember(_ text: String, _ expected: String) throws {
        #expect(try JSONValue(json: Array(text.utf8)).indentedText == expected)
    }
}
