import LambdaModel
import Testing

@Suite struct JSONTextTests {
    @Test(
        arguments: [
            ("", #""""#),
            ("plain", #""plain""#),
            ("\"", #""\"""#),
            ("\\", #""\\""#),
            ("/", #""/""#),
            ("a\nb\rc\td", #""a\nb\rc\td""#),
            // One grapheme, two scalars: both must be escaped.
            ("\r\n", #""\r\n""#),
            ("\u{0}", #""\u0000""#),
            ("\u{8}\u{C}", #""\u0008\u000c""#),
            ("\u{1B}[0m", #""\u001b[0m""#),
            ("\u{1F}\u{20}", #""\u001f ""#),
            ("\u{7F}", "\"\u{7F}\""),
            ("早めのパブロン 😀", #""早めのパブロン 😀""#),
            // A combining mark after the quote must not hide the quote.
            ("\"\u{301}", "\"\\\"\u{301}\""),
        ]
    )
    func quotes(_ text: String, as json: String) {
        // Compared by scalars: String equality would not see the difference between composed forms.
        #expect(Array(JSONText.quoted(text).unicodeScalars) == Array(json.unicodeScalars))
    }
}
