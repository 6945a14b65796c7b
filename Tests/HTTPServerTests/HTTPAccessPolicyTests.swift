import Testing

@testable import HTTPServer

struct HTTPAccessPolicyTests {
    private let local = HTTPAccessPolicy.local(alsoAllowed: ["apus.test", "192.0.2.7"])

    @Test(arguments: [
        "localhost", "LOCALHOST:80", "localhost:", "a.localhost:3000", "127.0.0.1", "127.1.2.3:9001", "[::1]",
        "[::1]:9001", "apus.test", "Apus.Test:8080", "192.0.2.7:1",
    ])
    func servedHosts(host: String) {
        #expect(local.allows(host: host))
        #expect(local.allows(origin: "http://" + host))
        #expect(local.allows(origin: "https://" + host))
    }

    @Test(arguments: [
        "", ":80", "evil.example", "localhost.evil.example", "notlocalhost", "127.0.0.1.evil.example", "127.0.0",
        "127.0.0.256", "127.+0.0.1", "128.0.0.1", "localhost:80x", "localhost:80:80", "[::1", "[::1]x", "[::2]", "::1",
        "localhost/path", "user@localhost", "localhost,evil.example",
    ])
    func refusedHosts(host: String) {
        #expect(!local.allows(host: host))
        #expect(!local.allows(origin: "http://" + host))
    }

    @Test(arguments: ["null", "", "localhost", "file://", "ftp://localhost", "chrome-extension://localhost", "http://"])
    func refusedOrigins(origin: String) {
        #expect(!local.allows(origin: origin))
    }

    @Test func anyServesEveryone() {
        #expect(HTTPAccessPolicy.any.allows(host: "evil.example"))
        #expect(HTTPAccessPolicy.any.allows(origin: "null"))
    }
}
