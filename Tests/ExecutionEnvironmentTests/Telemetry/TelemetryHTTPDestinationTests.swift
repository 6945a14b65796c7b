import NIOCore
import NIOPosix
import Testing

@testable import ExecutionEnvironment

struct TelemetryHTTPDestinationTests {
    private func probe(_ port: Int, answerTime: TimeAmount = .seconds(60)) throws -> DestinationProbe {
        try DestinationProbe {
            TelemetryHTTPDestination(port: port, target: "/", method: .post, eventLoop: $0, answerTime: answerTime)
        }
    }

    @Test(arguments: [TelemetrySubscription.Destination.Method.put, .post])
    func theRequest(method: TelemetrySubscription.Destination.Method) throws {
        let listener = try Listener()
        let port = listener.port
        let probe = try DestinationProbe {
            TelemetryHTTPDestination(port: port, target: "/a?b", method: method, eventLoop: $0)
        }
        let outcome = probe.send(["{\"a\":1}", "{\"b\":\"ä\"}"])
        let connection = try listener.next()
        let request = try connection.readRequest()
        #expect(request.line == "\(method.rawValue) /a?b HTTP/1.1")
        #expect(
            request.fields == [
                "Host: sandbox.localdomain:\(port)", "Content-Type: application/json", "Content-Length: 20",
            ]
        )
        #expect(request.body == "[{\"a\":1},{\"b\":\"ä\"}]")
        connection.answer()
        #expect(outcome.next() == "delivered")
    }

    /// Answers, what becomes of the batch, and whether the connection serves for the next one.
    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "delivered", true),
            ("HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello", "delivered", true),
            ("HTTP/1.1 204 No Content\r\n\r\n", "delivered", true),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "delivered", true),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "delivered", true),
            ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "delivered", false),
            ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "delivered", false),
            ("HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno", "status(500)", true),
            ("HTTP/1.1 302 Found\r\nLocation: http://example.com/\r\nContent-Length: 0\r\n\r\n", "status(302)", true),
            ("SSH-2.0-OpenSSH\r\n", "disconnected", false),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "disconnected", false),
            // Two answers to one request.
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
                "delivered", false
            ),
        ]
    )
    func answers(text: String, outcome: String, staysConnected: Bool) throws {
        let listener = try Listener()
        let probe = try probe(listener.port)
        let first = probe.send(["1"])
        var connection = try listener.next()
        _ = try connection.readRequest()
        connection.send(text)
        #expect(first.next() == outcome)
        try probe.settle()

        let second = probe.send(["2"])
        if !staysConnected {
            #expect(connection.seesEnd())
            connection = try listener.next()
        }
        #expect(try connection.readRequest().body == "[2]")
        connection.answer()
        #expect(second.next() == "delivered")
    }

    @Test func anAnswerThatLastsUntilTheEndOfTheConnection() throws {
        let listener = try Listener()
        let probe = try probe(listener.port)
        let outcome = probe.send(["1"])
        do {
            let connection = try listener.next()
            _ = try connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\nsome text")
        }
        #expect(outcome.next() == "delivered")
    }

    @Test func aConnectionThatEndsWithoutAnAnswer() throws {
        let listener = try Listener()
        let probe = try probe(listener.port)
        let first = probe.send(["1"])
        do { _ = try listener.next().readRequest() }
        #expect(first.next() == "disconnected")
        let second = probe.send(["2"])
        let connection = try listener.next()
        #expect(try connection.readRequest().body == "[2]")
        connection.answer()
        #expect(second.next() == "delivered")
    }

    @Test func nobodyListens() throws {
        let listener = try Listener(listens: false)
        let probe = try probe(listener.port)
        #expect(probe.send(["1"]).next() == "other error")
        listener.listen()
        let outcome = probe.send(["2"])
        let connection = try listener.next()
        #expect(try connection.readRequest().body == "[2]")
        connection.answer()
        #expect(outcome.next() == "delivered")
    }

    @Test(.enabled(if: (try? Listener(ipv6: true)) != nil, "this machine has no IPv6"))
    func aListenerOnIPv6() throws {
        let listener = try Listener(ipv6: true)
        let probe = try probe(listener.port)
        let outcome = probe.send(["1"])
        let connection = try listener.next()
        _ = try connection.readRequest()
        connection.answer()
        #expect(outcome.next() == "delivered")
    }

    /// Beginnings of answers that never end; the batch's fate where they never do.
    @Test(arguments: [("", "timeout"), ("HTTP/1.1 200", "timeout"), ("HTTP/1.1 503 No\r\n\r\n", "status(503)")])
    func anAnswerThatDoesNotComeInTime(text: String, outcome: String) throws {
        let listener = try Listener()
        let probe = try probe(listener.port, answerTime: .milliseconds(100))
        let first = probe.send(["1"])
        let connection = try listener.next()
        _ = try connection.readRequest()
        connection.send(text)
        // The beginning may come after the time is up on a busy machine.
        let fate = first.next()
        #expect(fate == outcome || fate == "timeout")
        #expect(connection.seesEnd())
    }

    @Test func aFrozenListenerHasTime() throws {
        let listener = try Listener()
        let probe = try probe(listener.port, answerTime: .milliseconds(50))
        probe.pause()
        let outcome = probe.send(["1"])
        let connection = try listener.next()
        _ = try connection.readRequest()
        try probe.pass(.milliseconds(200))
        connection.answer()
        #expect(outcome.next() == "delivered")
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nX: ", "x", "answerTooLarge"), ("HTTP/1.1 200 OK\r\n", "X: y\r\n", "answerTooLarge"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", "x", "delivered"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", "delivered"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "x", "delivered"),
            ("HTTP/1.1 429 Slow\r\n\r\n", "x", "status(429)"), ("", "HTTP/1.1 100 Continue\r\n\r\n", "answerTooLarge"),
            ("", "x", "disconnected"), ("", "\r\n", "answerTooLarge"),
        ]
    )
    func endlessAnswersAreCut(begin: String, repeated: String, outcome: String) throws {
        let listener = try Listener()
        let probe = try probe(listener.port)
        let first = probe.send(["1"])
        let connection = try listener.next()
        _ = try connection.readRequest()
        connection.send(begin)
        #expect(connection.sendsUntilCut(repeated))
        // Which of the limits is reached first is the parser's affair, where the answer has no status.
        let fate = first.next()
        #expect(fate == outcome || (outcome == "answerTooLarge" && fate == "disconnected"))
    }

    @Test func anUnaskedAnswerEndsTheConnection() throws {
        let listener = try Listener()
        let probe = try probe(listener.port)
        let first = probe.send(["1"])
        let connection = try listener.next()
        _ = try connection.readRequest()
        connection.answer()
        #expect(first.next() == "delivered")
        connection.answer()
        #expect(connection.seesEnd())
        let second = probe.send(["2"])
        let other = try listener.next()
        _ = try other.readRequest()
        other.answer("503 Not Now")
        #expect(second.next() == "status(503)")
    }

    @Test func closingEndsWhatIsUnderWay() throws {
        let listener = try Listener()
        let probe = try probe(listener.port)
        let first = probe.send(["1"])
        let connection = try listener.next()
        _ = try connection.readRequest()
        probe.close()
        #expect(first.next() == "closed")
        #expect(connection.seesEnd())
        #expect(probe.send(["2"]).next() == "closed")
    }
}
