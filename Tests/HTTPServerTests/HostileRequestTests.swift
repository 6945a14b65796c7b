import Testing

@testable import HTTPServer

/// Bytes that are not a request, or too many of them.
struct HostileRequestTests {
    let server: TestServer

    init() throws { server = try TestServer() }

    @Test(arguments: [
        "garbage\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nBad Name: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: nul\u{0}\r\n\r\n",
        "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    ])
    func malformedRequestsAreRefusedAndTheConnectionEnds(request: String) throws {
        let client = try server.client()
        client.send(request)
        #expect(try client.readResponse().status == 400)
        #expect(client.readToEnd().isEmpty)
    }

    @Test(arguments: ["GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"])
    func otherVersionsAreRefused(request: String) throws {
        let client = try server.client()
        client.send(request)
        #expect([400, 505].contains(try client.readResponse().status))
        #expect(client.readToEnd().isEmpty)
    }

    @Test(arguments: [
        // One field, many fields, one long target.
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "x", count: 80_000))\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n\(String(repeating: "A: b\r\n", count: 200))\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n\(String(repeating: "A: \(String(repeating: "b", count: 1000))\r\n", count: 100))\r\n",
        "GET /\(String(repeating: "x", count: 80_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ])
    func aHeadOverTheLimitIsRefused(request: String) throws {
        let client = try server.client()
        client.send(request)
        #expect(try client.readResponse().status == 431)
        #expect(client.readToEnd().isEmpty)
    }

    @Test(arguments: [
        "GET /",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
        "",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        "POST /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ",
    ])
    func endlessBytesWithoutProgressAreCut(start: String) throws {
        let client = try server.client()
        client.send(start)
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 4096)
        var sent = 0
        while client.send(piece) {
            sent += piece.count
            try #require(sent < 64 << 20, "the connection is not cut")
        }
        // A normal client is served all the while.
        #expect(try server.client().call("POST", "/echo", body: "x").text == "x")
    }

    @Test func aWholeMebibyteOfChunkExtensionIsRefused() throws {
        let client = try server.client()
        client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;")
        client.send([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20))
        client.send("\r\na\r\n0\r\n\r\n")
        // The answer may be lost to the reset that our unread bytes cause; the request must not succeed.
        if let response = try? client.readResponse() { #expect(response.status == 431) }
        #expect(server.events.next() == "truncated")
    }

    @Test func garbageBehindARequestThatWaitsEndsTheConnection() throws {
        let client = try server.client()
        client.send("GET /hold HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(server.events.next() == "held")
        client.send("garbage\r\n\r\n")
        #expect(server.events.next() == "lost")
        #expect(client.readToEnd().isEmpty)
    }
}
