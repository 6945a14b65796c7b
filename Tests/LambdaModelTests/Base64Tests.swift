import Testing

@testable import LambdaModel

struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"), ("Zg", "f"), ("Zm8", "fo"), ("5pep44KB", "早め"), ("Pz8/Pj4+", "???>>>"),
    ])
    func decodes(text: String, expected: String) {
        #expect(Base64.decodedText(text) == expected)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("???>>>", "Pz8/Pj4+"), ("早め", "5pep44KB"),
    ])
    func encodes(text: String, expected: String) {
        #expect(Base64.encode(Array(text.utf8)) == expected)
    }

    @Test func whatWasEncodedIsDecoded() {
        for count in 0..<70 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
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
