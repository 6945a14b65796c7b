import Testing

@testable import HTTPServer

/// Bodies of every shape, over sockets.
struct BodyTests {
    let server: TestServer

    init() throws { server = try TestServer() }

    @Test func chunkedWithTrailers() throws {
        let client = try server.client()
        client.send("POST", "/echo", headers: ["Transfer-Encoding: chunked", "Trailer: X-Trailer"])
        client.send("3\r\none\r\n5;extension=\"x\"\r\n, two\r\n0\r\nX-Trailer: last\r\n\r\n")
        let response = try client.readResponse()
        #expect(response.text == "one, two")
        #expect(response["x-saw-trailer"] == "last")
        #expect(try client.call("POST", "/echo", body: "next").text == "next")
    }

    @Test func theClientIsToldToContinue() throws {
        let client = try server.client()
        client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n")
        #expect(try client.readResponse().status == 100)
        client.send("ab")
        #expect(try client.readResponse().text == "ab")
    }

    @Test func aClientThatExpectsIsRefusedBeforeItSendsTooMuch() throws {
        let client = try server.client()
        client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1048577\r\n\r\n")
        let response = try client.readResponse()
        #expect(response.status == 413)
        #expect(response.text == "1048577")
        #expect(response["connection"] == "close")
        #expect(client.readToEnd().isEmpty)
    }

    @Test(arguments: [0, 1, 4096, 16 * 1024, 16 * 1024 + 1, ScriptedService.collectLimit])
    func bodiesUpToTheLimitPassByteForByte(size: Int) throws {
        let client = try server.client()
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        client.send("POST", "/echo", bytes: body)
        let response = try client.readResponse()
        #expect(response.status == 200)
        #expect(response.body == body)
    }

    @Test func aBodyOverTheLimitIsAnsweredAndTheConnectionLives() throws {
        let client = try server.client()
        client.send("POST", "/echo", bytes: [UInt8](repeating: 0, count: ScriptedService.collectLimit + 1))
        let response = try client.readResponse()
        #expect(response.status == 413)
        #expect(response.text == "1048577")
        #expect(try client.call("POST", "/echo", body: "next").text == "next")
    }

    @Test func aChunkedBodyOverTheLimitIsAnsweredAndTheConnectionLives() throws {
        let client = try server.client()
        client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = Array("80000\r\n".utf8) + [UInt8](repeating: 0, count: 0x80000) + Array("\r\n".utf8)
        for _ in 0..<3 { client.send(chunk) }
        client.send("0\r\n\r\n")
        #expect(try client.readResponse().text == String(3 * 0x80000))
        #expect(try client.call("POST", "/echo", body: "next").text == "next")
    }

    @Test func anEndlessBodyIsAnsweredAndCut() throws {
        let small = try TestServer(limits: HTTPServerLimits(drainBytes: 2 << 20))
        let client = try small.client()
        client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = Array("80000\r\n".utf8) + [UInt8](repeating: 0, count: 0x80000) + Array("\r\n".utf8)
        // A little over the bound, so that the answer is there to be read.
        for _ in 0..<5 { client.send(chunk) }
        let response = try client.readResponse()
        #expect(response.status == 413)
        #expect(response["connection"] == "close")
        var sent = 0
        while client.send(chunk) {
            sent += 1
            try #require(sent < 1000, "the connection is not cut")
        }
    }

    @Test func aStreamedBodyArrivesInPieces() throws {
        let client = try server.client()
        client.send("POST", "/upload", bytes: [UInt8](repeating: 1, count: 3 << 20))
        #expect(try client.readResponse().text == String(3 << 20))
    }

    @Test func aStreamedBodyThatIsRefusedIsReadToItsEnd() throws {
        let client = try server.client()
        client.send("POST", "/upload", bytes: Array("no".utf8) + [UInt8](repeating: 1, count: 3 << 20))
        #expect(try client.readResponse().status == 403)
        #expect(try client.call("POST", "/echo", body: "next").text == "next")
    }

    @Test func anEndlessStreamThatIsRefusedIsCut() throws {
        let small = try TestServer(limits: HTTPServerLimits(drainBytes: 2 << 20))
        let client = try small.client()
        client.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n")
        #expect(try client.readResponse().status == 403)
        let chunk = Array("80000\r\n".utf8) + [UInt8](repeating: 0, count: 0x80000) + Array("\r\n".utf8)
        var sent = 0
        while client.send(chunk) {
            sent += 1
            try #require(sent < 1000, "the connection is not cut")
        }
    }

    /// Whoever paused the reading of one body must not keep the next request from being read.
    @Test func aPauseEndsWithItsExchange() throws {
        let client = try server.client()
        #expect(try client.call("POST", "/upload", body: "wait").text == "4")
        #expect(try client.call("POST", "/echo", body: "next").text == "next")
    }
}
