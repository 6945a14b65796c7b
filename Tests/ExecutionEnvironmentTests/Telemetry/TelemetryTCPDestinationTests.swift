import NIOCore
import NIOPosix
import Testing

@testable import ExecutionEnvironment

struct TelemetryTCPDestinationTests {
    private func probe(_ port: Int, answerTime: TimeAmount = .seconds(60)) throws -> DestinationProbe {
        try DestinationProbe { TelemetryTCPDestination(port: port, eventLoop: $0, answerTime: answerTime) }
    }

    @Test func eventsAreLinesOfOneConnection() throws {
        let listener = try Listener()
        let probe = try probe(listener.port)
        #expect(probe.send(["{\"a\":1}", "{\"b\":2}"]).next() == "delivered")
        let connection = try listener.next()
        #expect(probe.send(["{\"c\":3}"]).next() == "delivered")
        #expect(try (0..<3).map { _ in try connection.readLine() } == ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"])
        probe.close()
        #expect(connection.seesEnd())
        #expect(probe.send(["1"]).next() == "closed")
    }

    /// What is sent before the end of a connection has become known is lost, as TCP has no answers.
    @Test func anEndedConnectionIsReplaced() throws {
        let listener = try Listener()
        let probe = try probe(listener.port)
        #expect(probe.send(["0"]).next() == "delivered")
        do { #expect(try listener.next().readLine() == "0") }
        var sent = 0
        repeat {
            sent += 1
            #expect(probe.send(["\(sent)"]).next() != nil)
        } while sent < 1000 && !listener.hasNext(within: 10)
        let first = try listener.next().readLine()
        #expect((1...sent).map { "\($0)" }.contains(first))
    }

    @Test func nobodyListens() throws {
        let listener = try Listener(listens: false)
        let probe = try probe(listener.port)
        #expect(probe.send(["1"]).next() == "other error")
        listener.listen()
        #expect(probe.send(["2"]).next() == "delivered")
        #expect(try listener.next().readLine() == "2")
    }

    /// The system takes some megabytes on behalf of a listener that does not read.
    @Test func aListenerThatDoesNotReadFailsTheBatch() throws {
        let listener = try Listener()
        let probe = try probe(listener.port, answerTime: .milliseconds(100))
        #expect(probe.send([String(repeating: "x", count: 64 << 20)]).next() == "other error")
        #expect(probe.send(["2"]).next() == "delivered")
        _ = try listener.next()
        #expect(try listener.next().readLine() == "2")
    }

    /// More than may come for one batch, but little for each.
    @Test func acknowledgementsArePassedOver() throws {
        let listener = try Listener()
        let probe = try probe(listener.port)
        #expect(probe.send(["0"]).next() == "delivered")
        let connection = try listener.next()
        for number in 1...100 {
            connection.send(String(repeating: "x", count: 999) + "\n")
            #expect(probe.send(["\(number)"]).next() == "delivered")
        }
        // A connection that goes with acknowledgements unread takes along what the listener has not read.
        let lines = try withExtendedLifetime(probe) { try (0...100).map { _ in try connection.readLine() } }
        #expect(lines == (0...100).map { "\($0)" })
    }

    @Test func aFloodIsCut() throws {
        let listener = try Listener()
        let probe = try probe(listener.port)
        #expect(probe.send(["1"]).next() == "delivered")
        #expect(try listener.next().sendsUntilCut("x"))
    }
}
