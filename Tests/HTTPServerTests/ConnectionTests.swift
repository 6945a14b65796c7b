import Testing

@testable import HTTPServer

/// Requests one after another on real connections.
struct ConnectionTests {
    let server: TestServer

    init() throws { server = try TestServer() }

    @Test func aConnectionServesManyRequests() throws {
        let client = try server.client()
        for number in 0..<50 {
            let response = try client.call("POST", "/echo", body: "body \(number)")
            #expect(response.status == 200)
            #expect(response.text == "body \(number)")
            #expect(response["connection"] == nil)
        }
    }

    @Test func aThousandPipelinedRequestsAreAnsweredInOrder() throws {
        let client = try server.client()
        var requests = ""
        for number in 0..<1000 {
            let body = String(number)
            requests += "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        client.send(requests)
        for number in 0..<1000 {
            #expect(try client.readResponse().text == String(number))
        }
    }

    @Test func pipelinedRequestsWaitForAnAnswerThatComesLater() throws {
        let client = try server.client()
        client.send("GET", "/hold")
        client.send("POST", "/echo", body: "second")
        client.send("POST", "/echo", body: "third")
        #expect(server.events.next() == "held")
        #expect(try server.client().call("GET", "/release").status == 200)
        #expect(try client.readResponse().text == "released")
        #expect(try client.readResponse().text == "second")
        #expect(try client.readResponse().text == "third")
    }

    @Test(arguments: [
        "GET /echo HTTP/1.0\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Keep-Alive, Close\r\n\r\n",
    ])
    func aConnectionThatIsNotKeptIsClosed(request: String) throws {
        let client = try server.client()
        client.send(request)
        let response = try client.readResponse()
        #expect(response.status == 200)
        #expect(response["connection"] == "close")
        #expect(client.readToEnd().isEmpty)
        #expect(client.sawEnd)
    }

    @Test func anOldClientMayAskToKeepTheConnection() throws {
        let client = try server.client()
        for _ in 0..<2 {
            client.send("POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab")
            let response = try client.readResponse()
            #expect(response["connection"] == "keep-alive")
            #expect(response.text == "ab")
        }
    }

    @Test func headGetsNoBody() throws {
        let client = try server.client()
        #expect(try client.call("HEAD", "/missing")["content-length"] == "11")
        #expect(try client.call("HEAD", "/stream")["transfer-encoding"] == "chunked")
        #expect(try client.call("POST", "/echo", body: "next").text == "next")
    }

    @Test func anAnswerWithoutContentHasNoLength() throws {
        let client = try server.client()
        let response = try client.call("GET", "/empty")
        #expect(response.status == 204)
        #expect(response["content-length"] == nil)
        #expect(try client.call("POST", "/echo", body: "next").text == "next")
    }

    /// Java's client offers h2c with its first request.
    @Test func anOfferToUpgradeIsDeclinedAndTheConnectionClosed() throws {
        let client = try server.client()
        client.send(
            "POST",
            "/echo",
            headers: ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"],
            body: "ab"
        )
        let response = try client.readResponse()
        #expect(response.status == 200)
        #expect(response.text == "ab")
        #expect(response["connection"] == "close")
        #expect(client.readToEnd().isEmpty)
        #expect(client.sawEnd)
    }

    @Test func valuesThatAreReflectedCannotInjectFields() throws {
        let response = try server.client().call("GET", "/reflect")
        #expect(response["x-injected"] == nil)
        #expect(response["x-reflected"] == "a  X-Injected: yes  b")
    }

    @Test func aForeignPageIsRefused() throws {
        let client = try server.client()
        client.send("POST", "/echo", headers: ["Origin: null", "Content-Type: text/plain"], body: "x")
        #expect(try client.readResponse().status == 403)
        #expect(client.readToEnd().isEmpty)
    }

    @Test func anyAccessServesForeignHosts() throws {
        let open = try TestServer(access: .any)
        let answer = try open.answer(to: "POST /echo HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 1\r\n\r\nx")
        #expect(answer.text == "x")
    }
}
