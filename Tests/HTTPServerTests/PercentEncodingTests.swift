import Testing

@testable import HTTPServer

struct PercentEncodingTests {
    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("a%20b", "a b"), ("%41%6a%6A", "Ajj"), ("%E6%97%A9", "早"), ("%", "%"),
        ("%4", "%4"), ("%4g", "%4g"), ("%%41", "%A"), ("100%25", "100%"), ("%ff", "\u{FFFD}"), ("%00", "\u{0}"),
        ("a+b", "a+b"),
    ])
    func decodes(text: String, expected: String) {
        #expect(PercentEncoding.decode(text.utf8) == expected)
    }
}
