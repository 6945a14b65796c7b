import Testing

@testable import ExecutionEnvironment

struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"), ("Zg", "f"), ("Zm8", "fo"), ("5pep44KB", "早め"), ("Pz8/Pj4+", "???>>>"),
    ])
    func decodes(text: String, expected: String) {
        #expect(Base64.decodedText(text) == expected)
    }

    @Test(arguments: [
        "Z", "Zm9vY", "Z===", "====", "Zm 9v", "Zm9v\n", "Zm=v", "=", "===", "Zm9v=", "Zm8==", "Pz8_", "Pz8-", "é",
        "%%%%",
    ])
    func refuses(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func bytesThatAreNotTextAreNoText() {
        #expect(Base64.decode("//79") == [0xFF, 0xFE, 0xFD])
        #expect(Base64.decodedText("//79") == nil)
    }
}
