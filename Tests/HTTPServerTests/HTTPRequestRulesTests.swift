import NIOHTTP1
import Testing

@testable import HTTPServer

struct HTTPRequestRulesTests {
    private let rules = HTTPRequestRules(access: .local(alsoAllowed: []))

    private func status(
        _ uri: String,
        _ headers: [(String, String)],
        version: HTTPVersion = .http1_1,
        method: HTTPMethod = .POST
    ) -> Int {
        var head = HTTPRequestHead(version: version, method: method, uri: uri, headers: HTTPHeaders(headers))
        do throws(HTTPRequestRules.Refusal) {
            try rules.check(&head)
            return 200
        } catch {
            return error.status.code
        }
    }

    @Test(arguments: [
        ([("Host", "localhost")], 200),
        ([("hOST", "127.0.0.1:9001")], 200),
        ([], 400),
        ([("Host", "localhost"), ("Host", "localhost")], 400),
        ([("Host", "localhost"), ("host", "evil.example")], 400),
        ([("Host", "")], 403),
        ([("Host", "evil.example")], 403),
        ([("Host", "localhost"), ("Origin", "http://localhost:3000")], 200),
        ([("Host", "localhost"), ("Origin", "http://evil.example")], 403),
        ([("Host", "localhost"), ("Origin", "null")], 403),
        ([("Host", "localhost"), ("Origin", "null"), ("Content-Type", "text/plain")], 403),
        ([("Host", "localhost"), ("Origin", "http://localhost"), ("Origin", "http://evil.example")], 403),
        ([("Host", "localhost"), ("Origin", "http://localhost, http://evil.example")], 403),
    ])
    func hostAndOrigin(headers: [(String, String)], expected: Int) {
        #expect(status("/", headers) == expected)
    }

    @Test(arguments: [
        ("/path", 200), ("http://localhost/path", 200), ("HTTP://LOCALHOST/path", 200), ("http://localhost", 200),
        ("http://localhost?q", 200), ("http://evil.example/path", 400), ("http://localhost:81/", 400),
        ("http://user@localhost/", 400), ("https://localhost/", 400), ("localhost:80", 400), ("*", 400), ("", 400),
        ("path", 400),
    ])
    func target(uri: String, expected: Int) {
        #expect(status(uri, [("Host", "localhost")]) == expected)
    }

    @Test(arguments: [
        (["chunked"], 200), (["Chunked"], 200), (["gzip"], 501), (["gzip, chunked"], 501), (["gzip", "chunked"], 501),
        (["chunked", "chunked"], 501), (["identity"], 501), ([""], 501),
    ])
    func transferEncoding(codings: [String], expected: Int) {
        #expect(status("/", [("Host", "localhost")] + codings.map { ("Transfer-Encoding", $0) }) == expected)
    }

    @Test func anOptionsRequestMayAskForTheServerItself() {
        #expect(status("*", [("Host", "localhost")], method: .OPTIONS) == 200)
    }

    @Test(arguments: [
        ("http://localhost/a/b?c", "/a/b?c"), ("http://localhost", "/"), ("http://localhost?q", "/?q"), ("/x", "/x"),
    ])
    func absoluteFormBecomesOriginForm(uri: String, expected: String) throws {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: uri, headers: ["Host": "localhost"])
        try rules.check(&head)
        #expect(head.uri == expected)
    }

    @Test func oldAndUnknownVersions() {
        #expect(status("/", [], version: .http1_0) == 200)
        #expect(status("/", [("Host", "evil.example")], version: .http1_0) == 403)
        #expect(status("/", [("Transfer-Encoding", "chunked")], version: .http1_0) == 400)
        #expect(status("/", [("Host", "localhost")], version: HTTPVersion(major: 2, minor: 0)) == 505)
        #expect(status("/", [("Host", "localhost")], version: HTTPVersion(major: 0, minor: 9)) == 505)
    }
}
