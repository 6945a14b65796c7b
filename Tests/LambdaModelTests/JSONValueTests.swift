import LambdaModel
import Testing

struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue(json: Array(text.utf8)) }

    @Test(
        arguments: [
            ("null", .null), (" true\n", .bool(true)), ("false", .bool(false)), ("\"\"", .string("")),
            ("[]", .array([])), ("{ }", .object([])),
            // Numbers keep their literals.
            ("0", .number("0")), ("-0.50", .number("-0.50")), ("1E+05", .number("1E+05")),
            ("123456789012345678901234567890", .number("123456789012345678901234567890")),
            ("[ 1 ,null, [\"a\"] ]", .array([.number("1"), .null, .array([.string("a")])])),
            // Members keep their order and repetitions.
            (
                "{\"b\" : 1, \"a\":{\"c\":[]},\"b\":false}",
                .object([
                    .init(name: "b", value: .number("1")),
                    .init(name: "a", value: .object([.init(name: "c", value: .array([]))])),
                    .init(name: "b", value: .bool(false)),
                ])
            ),
        ] as [(String, JSONValue)]
    )
    func reads(_ text: String, as value: JSONValue) throws {
        #expect(try parse(text) == value)
    }

    @Test(
        arguments: [
            ("\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t\"", "\" \\ / \u{8} \u{C} \n \r \t"),
            ("\"\\u0041\\u00e9\\u0000\"", "A\u{E9}\u{0}"), ("\"\\ud83d\\ude00!\"", "😀!"), ("\"早めの😀\"", "早めの😀"),
            // Surrogates without their other half, before an end, a letter, an escape and another high one.
            ("\"\\ud83d\"", "\u{FFFD}"), ("\"\\ud83dA\"", "\u{FFFD}A"), ("\"\\ud83d\\n\"", "\u{FFFD}\n"),
            ("\"\\ude00\\ud83d\"", "\u{FFFD}\u{FFFD}"), ("\"\\ud83d\\ud83d\\ude00\"", "\u{FFFD}😀"),
            ("\"\\ud83d\\u0041\"", "\u{FFFD}A"), ("\"}]{[\"", "}]{["),
        ]
    )
    func readsStrings(_ text: String, as value: String) throws {
        #expect(try parse(text).stringValue.map { Array($0.unicodeScalars) } == Array(value.unicodeScalars))
    }

    @Test func theLastOfRepeatedNamesCounts() throws {
        let value = try parse("{\"a\":1,\"b\":2,\"a\":3}")
        #expect(value["a"] == .number("3"))
        #expect(value["b"] == .number("2"))
        #expect(value["c"] == nil)
    }

    @Test func namesAreComparedAsTheyAre() throws {
        let value = try parse("{\"e\u{301}\":1}")
        #expect(value["\u{E9}"] == nil)
        #expect(value["e\u{301}"] == .number("1"))
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("-7", -7), ("9223372036854775807", Int.max),
            ("-9223372036854775808", Int.min), ("9223372036854775808", nil), ("1.0", nil), ("1e3", nil), ("1E0", nil),
            ("\"1\"", nil), ("null", nil), ("[1]", nil),
        ] as [(String, Int?)]
    )
    func integers(_ text: String, are value: Int?) throws {
        #expect(try parse(text).intValue == value)
    }

    @Test func accessorsOfOtherKindsAreNil() throws {
        #expect(try parse("[1]").stringValue == nil)
        #expect(try parse("\"a\"").arrayValue == nil)
        #expect(try parse("[{\"a\":1}]")["a"] == nil)
        #expect(try parse("[true]").arrayValue == [.bool(true)])
    }

    @Test(arguments: ["", "{", "[1,]", "{\"a\":1,}", "01", "\"\u{1}\"", "nul", "1 2"])
    func refusesWhatIsNotJSON(_ text: String) {
        let failure = #expect(throws: JSONValue.Failure.self) { try parse(text) }
        guard case .syntax = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(failure?.reason.hasPrefix("is not valid JSON: expected ") == true)
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func boundsTheDepth(open: String, close: String) throws {
        func nested(_ depth: Int) -> String {
            String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        }
        _ = try parse(nested(JSONValue.maximumDepth))
        for depth in [JSONValue.maximumDepth + 1, 9_000] {
            let failure = #expect(throws: JSONValue.Failure.self) { try parse(nested(depth)) }
            #expect(failure == .tooDeep(offset: JSONValue.maximumDepth * open.utf8.count))
        }
    }

    /// The depth counts what is open, not what has been.
    @Test func siblingsAreNotDepth() throws {
        let text = "[" + Array(repeating: "[{\"a\":[]}]", count: 1000).joined(separator: ",") + "]"
        #expect(try parse(text).arrayValue?.count == 1000)
    }
}
