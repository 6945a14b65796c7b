import NIOCore
import Testing

@testable import HTTPServer

/// Answers of unknown length, and large ones.
struct StreamTests {
    let server: TestServer

    init() throws { server = try TestServer() }

    @Test func chunkedWithTrailers() throws {
        let client = try server.client()
        for _ in 0..<2 {
            let response = try client.call("GET", "/stream")
            #expect(response["transfer-encoding"] == "chunked")
            #expect(response["content-length"] == nil)
            #expect(response.text == "onetwo")
            #expect(response.trailer("x-trailer") == "last")
        }
    }

    @Test(arguments: ["", "Connection: keep-alive\r\n"])
    func anOldClientReadsToTheEnd(field: String) throws {
        let client = try server.client()
        client.send("GET /stream HTTP/1.0\r\n\(field)\r\n")
        let response = try client.readResponse()
        #expect(response["transfer-encoding"] == nil)
        #expect(response["connection"] == "close")
        #expect(response.text == "onetwo")
        #expect(client.sawEnd)
    }

    @Test(arguments: [
        "GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /big HTTP/1.0\r\n\r\n",
    ])
    func aSlowReaderGetsALargeAnswerWhole(request: String) throws {
        let client = try server.client(receiveBuffer: 4096)
        client.send(request)
        let response = try client.readResponse()
        #expect(response.body.count == ScriptedService.bigBody.readableBytes)
    }

    @Test func aClientThatHasClosedItsSendingSideGetsALargeAnswerWhole() throws {
        let client = try server.client(receiveBuffer: 4096)
        client.send("GET", "/big")
        client.closeSending()
        let response = try client.readResponse()
        #expect(response.body.count == ScriptedService.bigBody.readableBytes)
        #expect(client.readToEnd().isEmpty)
        #expect(client.sawEnd)
    }
}
