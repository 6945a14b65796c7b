import LambdaModel
import NIOCore
import NIOPosix
import Testing

@testable import ExecutionEnvironment

/// The whole way to listeners of a test's own.
struct TelemetryHubSocketTests {
    private let threads: TestThreads
    private let hub: NIOLoopBound<TelemetryHub>

    init() throws {
        threads = TestThreads()
        let loop = threads.loop
        hub = try loop.submit {
            NIOLoopBound(TelemetryHub(eventLoop: loop, logFormat: .text, clock: .system), eventLoop: loop)
        }.wait()
    }

    private func onLoop<Result: Sendable>(_ body: @escaping @Sendable (TelemetryHub) throws -> Result) throws -> Result
    {
        try threads.loop.submit { [hub] in try body(hub.value) }.wait()
    }

    /// Subscribes with the shortest time limit.
    private func subscribe(
        _ destination: TelemetrySubscription.Destination,
        name: String = "one",
        schema: TelemetrySubscription.Schema = .telemetry20221213
    ) throws {
        var subscription = TelemetrySubscription(
            api: .telemetry,
            schema: schema,
            streams: [.platform, .function],
            destination: destination
        )
        subscription.buffering.maxItems = 1000
        subscription.buffering.timeout = .milliseconds(25)
        let copy = subscription
        #expect(try onLoop { try $0.subscribe(copy, name: name) } == .subscribed)
    }

    private func publish(_ texts: [String]) throws {
        try onLoop { hub in
            for text in texts { hub.publish(TelemetryEvent(stream: .platform) { _ in text }) }
        }
    }

    private func flush(within limit: TimeAmount = .seconds(60)) throws -> Events<Void> {
        let flushed = Events<Void>()
        try onLoop { $0.flush(within: limit) { flushed.add(()) } }
        return flushed
    }

    private func http(_ listener: Listener) -> TelemetrySubscription.Destination {
        .http(port: listener.port, target: "/", method: .post)
    }

    /// The events of a JSON array whose events are numbers or have neither brackets nor commas.
    private func events(_ request: ListenerConnection.Request) -> [String] {
        request.body.dropFirst().dropLast().split(separator: ",").map(String.init)
    }

    @Test func theOrderIsKept() throws {
        let listener = try Listener()
        try subscribe(http(listener))
        var received: [String] = []
        try publish((0..<500).map { "\($0)" })
        let connection = try listener.next()
        for round in 1...20 {
            // Published while a batch is on its way.
            let first = try connection.readRequest()
            if round < 20 { try publish((round * 500..<(round + 1) * 500).map { "\($0)" }) }
            received += events(first)
            connection.answer()
        }
        #expect(received == (0..<10_000).map { "\($0)" })
        try onLoop { $0.close() }
    }

    @Test func aListenerThatOpensLaterGetsEverything() throws {
        let listener = try Listener(listens: false)
        try subscribe(http(listener))
        try publish(["1"])
        // The flush tries at once, in vain.
        let flushed = try flush()
        try publish(["2"])
        listener.listen()
        let connection = try listener.next()
        #expect(events(try connection.readRequest()) == ["1"])
        connection.answer("500 Not Yet")
        #expect(events(try connection.readRequest()) == ["1"])
        connection.answer()
        #expect(flushed.next() != nil)
        #expect(events(try connection.readRequest()) == ["2"])
        connection.answer()
        try onLoop { $0.close() }
        #expect(connection.seesEnd())
    }

    @Test func aSlowSubscriberIsToldWhatItHasLost() throws {
        let listener = try Listener()
        try subscribe(http(listener))
        let line = String(repeating: "x", count: 9_999) + "\n"
        try publish(["first"])
        let connection = try listener.next()
        #expect(events(try connection.readRequest()) == ["first"])
        // 26 lines of 10,076 bytes fit into a batch.
        let held = try onLoop { hub in
            for _ in 0..<50 { hub.publishOutput(ByteBuffer(string: line), stream: .function) }
            return hub.heldBytes
        }
        #expect(held <= 2 * 262_144)
        connection.answer()
        let second = try connection.readRequest()
        #expect(second.body.split(separator: "\"type\":\"function\"").count == 27)
        connection.answer()
        let third = try connection.readRequest()
        #expect(third.body.contains("\"type\":\"platform.logsDropped\""))
        #expect(third.body.contains("\"droppedRecords\":24,\"droppedBytes\":\(24 * (held / 26))}"))
        connection.answer()
        try onLoop { $0.close() }
    }

    @Test func linesOfTCPAndTwoSchemasAtOnce() throws {
        let listener = try Listener()
        let other = try Listener()
        try subscribe(.tcp(port: listener.port), name: "old", schema: .telemetry20220701)
        try subscribe(.tcp(port: other.port), name: "new", schema: .telemetry20250129)
        try onLoop { hub in
            for number in 0..<3 {
                hub.publish(TelemetryEvent(stream: .platform) { "\"\(number) \($0.rawValue)\"\n" })
            }
        }
        #expect(try flush().next() != nil)
        let (old, new) = (try listener.next(), try other.next())
        #expect(try (0..<3).map { _ in try old.readLine() } == (0..<3).map { "\"\($0) 2022-07-01\"" })
        #expect(try (0..<3).map { _ in try new.readLine() } == (0..<3).map { "\"\($0) 2025-01-29\"" })
        try onLoop { $0.reset() }
        #expect(old.seesEnd() && new.seesEnd())
        try onLoop { $0.close() }
    }

    @Test func aFlushDoesNotWaitForASilentListener() throws {
        let listener = try Listener()
        try subscribe(http(listener))
        try publish(["1"])
        let flushed = try flush(within: .milliseconds(50))
        let connection = try listener.next()
        #expect(events(try connection.readRequest()) == ["1"])
        #expect(flushed.next() != nil)
        try onLoop { $0.close() }
        #expect(connection.seesEnd())
    }

    /// A frozen listener has the batch, and answers when it has thawed: that is one delivery.
    @Test func anAnswerAfterAFreeze() throws {
        let listener = try Listener()
        try subscribe(http(listener))
        try publish(["1"])
        let connection = try listener.next()
        #expect(events(try connection.readRequest()) == ["1"])
        try onLoop { $0.pause() }
        try publish(["2"])
        connection.answer()
        try onLoop { $0.resume() }
        #expect(events(try connection.readRequest()) == ["2"])
        connection.answer()
        try onLoop { $0.close() }
    }
}
