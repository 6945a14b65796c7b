import LambdaModel
import Testing

/// Corner cases of RFC 8259: a payload is passed on verbatim, so the checker must neither refuse nor admit too much.
@Suite struct JSONSyntaxTests {
    @Test(
        arguments: [
            // Scalars are documents, and white space may stand around them.
            "null", "true", "false", "0", "-0", "7", "-12", "1.5", "-0.001", "1e5", "1E5", "1e+5", "1e-05", "0e0",
            "123456789012345678901234567890", "\"\"", " \t\r\n1\n\r\t ", "\n{}\n",
            // Containers.
            "[]", "[ ]", "{}", "{ }", "[1]", "[1,2]", "[ 1 , 2 ]", "[[],[[]],{}]", "{\"a\":1}", "{\"a\":{}}",
            "{ \"a\" : [ ] , \"b\" : null }", "{\"\":0}", "[{},{}]", "[\"a\",true,null,1.0]",
            // Names may repeat; what that means is the reader's affair.
            "{\"a\":1,\"a\":2}",
            // Strings: every escape, text beyond ASCII, DEL, and what only looks like a bracket.
            "\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t\"", "\"\\u0000\"", "\"\\u00e9\\uABCD\"", "\"\\ud83d\\ude00\"",
            "\"早めのパブロン\"", "\"😀\"", "\"\u{7F}\"", "\"\u{2028}\"", "\"}]{[\"", "\"\\\\\"", "{\"早\":\"い\"}",
            // A lone surrogate is within the grammar (RFC 8259 §8.2).
            "\"\\ud800\"", "\"\\udc00\\ud800\"",
        ]
    )
    func accepts(_ text: String) throws {
        try JSONSyntax.validate(Array(text.utf8))
    }

    /// Text, and the offset of the byte that makes it invalid.
    @Test(
        arguments: [
            // Nothing, or not enough.
            ("", 0), ("   ", 3), ("[", 1), ("{", 1), ("[1", 2), ("[1,", 3), ("{\"a\"", 4), ("{\"a\":", 5),
            ("{\"a\":1", 6), ("{\"a\":1,", 7), ("\"", 1), ("\"abc", 4), ("\"\\", 2), ("\"\\u12", 5), ("-", 1),
            ("1.", 2),
            ("1e", 2), ("1e+", 3), ("tru", 0), ("nul", 0),
            // Too much.
            ("1 2", 2), ("{} {}", 3), ("[]]", 2), ("null,", 4), ("\"a\"b", 3), ("truetrue", 4), ("{}\u{0}", 2),
            // Numbers.
            ("01", 1), ("-01", 2), ("+1", 0), (".5", 0), ("1.e5", 2), ("1.5.5", 3), ("0x10", 1), ("1_000", 1),
            ("--1", 1),
            ("NaN", 0), ("Infinity", 0), ("-Infinity", 1), ("1e5.0", 3), ("１", 0),
            // Literals.
            ("True", 0), ("nulL", 0), ("undefined", 0), ("t", 0),
            // Containers.
            ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("[1,,2]", 3), ("{\"a\":1,}", 7), ("{,}", 1), ("{a:1}", 1),
            ("{'a':1}", 1), ("{1:1}", 1), ("{\"a\" 1}", 5), ("{\"a\":}", 5), ("{\"a\":1 \"b\":2}", 7), ("[1}", 2),
            ("{\"a\":1]", 6), ("[}", 1), ("{]", 1), ("]", 0), ("}", 0), ("{\"a\",1}", 4),
            // Strings.
            ("'a'", 0), ("\"\\x\"", 2), ("\"\\'\"", 2), ("\"\\U0041\"", 2), ("\"\\u00g0\"", 5), ("\"\\u 041\"", 3),
            ("\"a\nb\"", 2), ("\"a\tb\"", 2), ("\"\u{0}\"", 1), ("\"\u{1F}\"", 1), ("\"\\\n\"", 2),
            // Not white space in JSON, and no comments.
            ("\u{FEFF}1", 0), ("\u{A0}1", 0), ("\u{0B}1", 0), ("\u{0C}1", 0), ("1 // one", 2), ("/**/1", 0), ("#", 0),
        ]
    )
    func refuses(_ text: String, at offset: Int) {
        let failure = #expect(throws: JSONSyntax.Failure.self) { try JSONSyntax.validate(Array(text.utf8)) }
        #expect(failure?.offset == offset)
        #expect(failure?.expected.isEmpty == false)
    }

    /// Plain text is read several bytes at a time: whatever stands out is found wherever it stands.
    @Test(arguments: 0...40)
    func findsWhatStandsOutInPlainText(position: Int) throws {
        let before = [UInt8](repeating: UInt8(ascii: "a"), count: position)
        for length in 0...20 {
            let after = [UInt8](repeating: UInt8(ascii: "~"), count: length) + [UInt8(ascii: "\"")]
            let start = [UInt8(ascii: "\"")] + before
            try JSONSyntax.validate(start + after)
            for good in ["\\n", "\\\"", "\\\\", "ü", "早め", "\u{7F}", " ", "!", "#", "[", "]", "^"] {
                try JSONSyntax.validate(start + Array(good.utf8) + after)
            }
            for bad in [[0x1F], [0x00], [0x0A], [0x80], [0xFF], [0xC3, 0x28]] as [[UInt8]] {
                let failure = #expect(throws: JSONSyntax.Failure.self) { try JSONSyntax.validate(start + bad + after) }
                #expect(failure?.offset == start.count)
            }
            let early = #expect(throws: JSONSyntax.Failure.self) { try JSONSyntax.validate(start + after.dropLast()) }
            #expect(early?.offset == start.count + length)
            let late = #expect(throws: JSONSyntax.Failure.self) {
                try JSONSyntax.validate(start + after + before + after)
            }
            #expect(late?.offset == start.count + length + 1)
        }
    }

    /// Bytes between two double quotes, and the offset of the first bad sequence, counted from the opening quote.
    @Test(
        arguments: [
            ([0x80], 1), ([0xFF], 1), ([0xFE], 1), ([0x61, 0xC3], 2), ([0xC0, 0x80], 1), ([0xC1, 0xBF], 1),
            ([0xE0, 0x80, 0x80], 1), ([0xE3, 0x81], 1), ([0xF0, 0x80, 0x80, 0x80], 1), ([0xF4, 0x90, 0x80, 0x80], 1),
            ([0xF5, 0x80, 0x80, 0x80], 1),
            // A surrogate in UTF-8 (CESU-8), and one after good text.
            ([0xED, 0xA0, 0x80], 1), ([0xC3, 0xA9, 0xED, 0xBF, 0xBF], 3), ([0xC3, 0xA9, 0x20, 0xA9], 4),
        ] as [([UInt8], Int)]
    )
    func refusesBytesThatAreNotUTF8(_ bytes: [UInt8], at offset: Int) {
        let failure = #expect(throws: JSONSyntax.Failure.self) { try JSONSyntax.validate([0x22] + bytes + [0x22]) }
        #expect(failure?.offset == offset)
        #expect(failure?.expected == "UTF-8")
    }

    @Test func refusesBytesThatAreNotUTF8OutsideOfStrings() {
        #expect(throws: JSONSyntax.Failure.self) { try JSONSyntax.validate([0x5B, 0xC3, 0xA9, 0x5D]) }
        #expect(throws: JSONSyntax.Failure.self) { try JSONSyntax.validate([0xFF, 0xFE, 0x31, 0x00]) }
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func boundsTheDepth(open: String, close: String) throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
        }
        try JSONSyntax.validate(nested(JSONSyntax.maximumDepth))
        let failure = #expect(throws: JSONSyntax.Failure.self) {
            try JSONSyntax.validate(nested(JSONSyntax.maximumDepth + 1))
        }
        #expect(failure?.offset == JSONSyntax.maximumDepth * open.utf8.count)
    }

    /// A million brackets that never close: the depth limit ends it, not the stack.
    @Test func survivesEndlessOpening() {
        let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONSyntax.Failure.self) { try JSONSyntax.validate(bytes) }
    }

    /// The depth counts what is open, not what has been.
    @Test func siblingsAreNotDepth() throws {
        let text = "[" + Array(repeating: "[{\"a\":[]}]", count: 20_000).joined(separator: ",") + "]"
        try JSONSyntax.validate(Array(text.utf8))
    }

    @Test func readsOnlyTheBufferGiven() throws {
        let bytes = Array("[1]garbage".utf8)
        try bytes.withUnsafeBufferPointer { try JSONSyntax.validate(UnsafeBufferPointer(rebasing: $0[..<3])) }
    }

    /// Whatever `JSONText` writes, `JSONSyntax` must accept: every scalar below U+0100 and some beyond.
    @Test func acceptsWhatJSONTextWrites() throws {
        let scalars = (0..<0x100).compactMap(Unicode.Scalar.init) + ["\u{2028}", "\u{FFFF}", "\u{10FFFF}"]
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        try JSONSyntax.validate(Array(JSONText.quoted(text).utf8))
    }
}
