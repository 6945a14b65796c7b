import NIOCore
import Testing

@testable import HTTPServer

/// Every way in which a connection ends.
struct EndOfConnectionTests {
    let server: TestServer

    init() throws { server = try TestServer() }

    @Test func aClientThatHasClosedItsSendingSideIsStillAnswered() throws {
        let client = try server.client()
        client.send("GET", "/hold")
        client.closeSending()
        #expect(server.events.next() == "held")
        _ = try server.client().call("GET", "/release")
        #expect(try client.readResponse().text == "released")
        #expect(client.readToEnd().isEmpty)
        #expect(client.sawEnd)
    }

    @Test func closingTheSendingSideAfterTheAnswerEndsTheConnection() throws {
        let client = try server.client()
        #expect(try client.call("POST", "/echo", body: "x").text == "x")
        client.closeSending()
        #expect(client.readToEnd().isEmpty)
        #expect(client.sawEnd)
    }

    @Test func aPipelineIsAnsweredThoughTheSendingSideIsClosed() throws {
        let client = try server.client()
        client.send("GET", "/hold")
        client.send("POST", "/echo", body: "second")
        client.send("POST", "/echo", body: "third")
        client.closeSending()
        #expect(server.events.next() == "held")
        _ = try server.client().call("GET", "/release")
        #expect(try client.readResponse().text == "released")
        #expect(try client.readResponse().text == "second")
        #expect(try client.readResponse().text == "third")
        #expect(client.readToEnd().isEmpty)
    }

    @Test(arguments: [
        "Content-Length: 10\r\n\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "Transfer-Encoding: chunked\r\n\r\na\r\nabc",
    ])
    func theServiceLearnsOfATruncatedBody(rest: String) throws {
        for ending in ["half-close", "close", "reset"] {
            for (path, event) in [("/echo", "truncated"), ("/upload", "truncated after 3")] {
                let client = try server.client()
                let parts = rest.split(separator: "\r\n\r\n", maxSplits: 1)
                client.send("POST \(path) HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\(parts[0])\r\n\r\n")
                #expect(try client.readResponse().status == 100)
                client.send(String(parts[1]))
                // Another request, so that the server has read the first when the end comes.
                _ = try server.client().call("POST", "/echo", body: "x")
                switch ending {
                case "half-close": client.closeSending()
                case "close": client.close()
                default: client.reset()
                }
                #expect(server.events.next() == event, "\(ending) \(path)")
            }
        }
    }

    @Test func aWaitingExchangeLearnsOfAReset() throws {
        let client = try server.client()
        client.send("GET", "/hold")
        #expect(server.events.next() == "held")
        client.reset()
        #expect(server.events.next() == "lost")
        // Answering it now harms nobody.
        #expect(try server.client().call("GET", "/release").status == 200)
    }

    @Test func connectionsBeyondTheLimitAreClosedAndTheOthersLive() throws {
        let small = try TestServer(limits: HTTPServerLimits(connections: 2))
        let first = try small.client()
        let second = try small.client()
        #expect(try first.call("POST", "/echo", body: "1").text == "1")
        #expect(try second.call("POST", "/echo", body: "2").text == "2")
        let third = try small.client()
        third.send("POST", "/echo", body: "3")
        #expect(third.readToEnd().isEmpty)
        #expect(try first.call("POST", "/echo", body: "1").text == "1")
        second.closeSending()
        #expect(second.readToEnd().isEmpty)
        #expect(try small.client().call("POST", "/echo", body: "4").text == "4")
    }

    @Test func closingTheServerCutsEveryoneAndFreesThePort() throws {
        let idle = try server.client()
        #expect(try idle.call("POST", "/echo", body: "x").text == "x")
        let waiting = try server.client()
        waiting.send("GET", "/hold")
        #expect(server.events.next() == "held")
        let sending = try server.client()
        sending.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n")
        #expect(try sending.readResponse().status == 100)
        sending.send("abc")

        try server.server.close().wait()
        #expect(Set([server.events.next(), server.events.next()]) == ["lost", "truncated"])
        #expect(idle.readToEnd().isEmpty)
        #expect(waiting.readToEnd().isEmpty)
        _ = sending.readToEnd()
        #expect(RawClient.isRefused(port: server.port))
        // A second time is no error.
        try server.server.close().wait()
    }
}
