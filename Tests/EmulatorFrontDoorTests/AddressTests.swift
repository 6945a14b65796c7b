import Testing

@testable import EmulatorFrontDoor

struct AddressTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", 8080), (":8080", "0.0.0.0", 8080), ("localhost:0", "127.0.0.1", 0),
        ("[::1]:9001", "::1", 9001), ("0.0.0.0:65535", "0.0.0.0", 65_535),
    ])
    func reads(text: String, host: String, port: Int) {
        #expect(Emulator.Address(text) == Emulator.Address(host: host, port: port))
    }

    @Test(arguments: ["127.0.0.1:8080", "[::1]:9001"])
    func isWrittenAsItIsRead(text: String) throws {
        #expect(try #require(Emulator.Address(text)).description == text)
    }

    @Test(arguments: [
        "", "8080", "localhost", "localhost:", "localhost:65536", "localhost:-1", "localhost:80x", "localhost:+80",
        "localhost: 80", "http://localhost:80/", "::1:9001", "[::1:9001", "a:b:80", "example.com:80", "[127.0.0.1]:80",
        "[]:80", "1.2.3:80", "1.2.3.4\0:80", "256.0.0.1:80", "[fe80::1%lo]:80",
    ])
    func refuses(text: String) {
        #expect(Emulator.Address(text) == nil)
    }
}
