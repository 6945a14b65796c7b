import NIOCore
import Testing

@testable import HTTPServer

/// Clients that take their time.
struct SlowClientTests {
    private let quick = HTTPServerLimits(requestIdleTime: .milliseconds(50), keepAliveTime: .seconds(60))

    @Test(arguments: [
        "GET / HT", "GET / HTTP/1.1\r\nHost: local",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab",
    ])
    func aRequestThatStallsIsCut(start: String) throws {
        let server = try TestServer(limits: quick)
        let client = try server.client()
        client.send(start)
        #expect(try client.readResponse().status == 408)
        #expect(client.readToEnd().isEmpty)
    }

    @Test func aRequestThatStallsBehindAnotherIsCut() throws {
        let server = try TestServer(limits: quick)
        let client = try server.client()
        #expect(try client.call("POST", "/echo", body: "x").text == "x")
        client.send("GET / HT")
        #expect(try client.readResponse().status == 408)
    }

    @Test func anIdleConnectionIsClosedInTheEnd() throws {
        let server = try TestServer(limits: HTTPServerLimits(requestIdleTime: nil, keepAliveTime: .milliseconds(50)))
        let client = try server.client()
        #expect(try client.call("POST", "/echo", body: "x").text == "x")
        #expect(client.readToEnd().isEmpty)
        #expect(client.sawEnd)
    }

    @Test func whoWaitsForAnAnswerIsNotCut() throws {
        let limits = HTTPServerLimits(requestIdleTime: .milliseconds(20), keepAliveTime: .milliseconds(20))
        let server = try TestServer(limits: limits)
        let waiting = try server.client()
        waiting.send("GET", "/hold")
        #expect(server.events.next() == "held")
        // Two idle connections that are cut one after the other: the limits have passed twice.
        for _ in 0..<2 { #expect(try server.client().readToEnd().isEmpty) }
        _ = try server.client().call("GET", "/release")
        #expect(try waiting.readResponse().text == "released")
    }

    @Test func aReaderThatNeverReadsIsCut() throws {
        let server = try TestServer(limits: HTTPServerLimits(requestIdleTime: nil, keepAliveTime: .milliseconds(50)))
        let client = try server.client(receiveBuffer: 4096)
        client.send("GET", "/big", headers: ["Connection: close"])
        // An idle connection beside it, opened later and cut first or about then.
        for _ in 0..<3 { #expect(try server.client().readToEnd().isEmpty) }
        #expect(client.readToEnd().count < ScriptedService.bigBody.readableBytes)
    }

    @Test func aThousandStalledConnectionsDoNotHinderACall() throws {
        let server = try TestServer()
        var stalled: [RawClient] = []
        for number in 0..<1000 {
            let client = try server.client()
            switch number % 4 {
            case 0: break
            case 1: client.send("GET /ec")
            case 2: client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab")
            default: client.send("GET", "/hold")
            }
            stalled.append(client)
        }
        let client = try server.client()
        let clock = ContinuousClock()
        let began = clock.now
        #expect(try client.call("POST", "/echo", body: "x").text == "x")
        #expect(clock.now - began < .seconds(5))
        withExtendedLifetime(stalled) {}
    }
}
