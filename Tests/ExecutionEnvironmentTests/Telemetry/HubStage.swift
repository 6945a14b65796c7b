import LambdaModel
import NIOCore
import NIOEmbedded
import Synchronization

@testable import ExecutionEnvironment

/// A ``TelemetryHub`` on a loop whose time a test moves, with destinations that a test answers for.
final class HubStage {
    let loop = EmbeddedEventLoop()
    let hub: TelemetryHub
    private let clock: ManualClock
    private let made: Made

    final class Made {
        var destinations: [FakeDestination] = []
    }

    init(logFormat: LoggingConfiguration.Format = .text) {
        let clock = ManualClock()
        let made = Made()
        self.clock = clock
        self.made = made
        hub = TelemetryHub(eventLoop: loop, logFormat: logFormat, clock: clock.environmentClock) { _, loop in
            let destination = FakeDestination(eventLoop: loop)
            made.destinations.append(destination)
            return destination
        }
    }

    /// Subscribes and returns the subscriber's end.
    func subscribe(
        _ name: String = "one",
        schema: TelemetrySubscription.Schema = .telemetry20221213,
        streams: Set<TelemetrySubscription.Stream> = [.platform, .function, .extension],
        maxItems: Int = 10_000
    ) throws -> FakeDestination {
        _ = try hub.subscribe(Self.subscription(schema, streams, maxItems: maxItems), name: name)
        return made.destinations[made.destinations.count - 1]
    }

    static func subscription(
        _ schema: TelemetrySubscription.Schema = .telemetry20221213,
        _ streams: Set<TelemetrySubscription.Stream> = [.platform, .function, .extension],
        maxItems: Int = 10_000
    ) -> TelemetrySubscription {
        var buffering = TelemetrySubscription.Buffering()
        buffering.maxItems = maxItems
        return TelemetrySubscription(
            api: schema.api,
            schema: schema,
            streams: streams,
            buffering: buffering,
            destination: .tcp(port: 1)
        )
    }

    func publish(_ text: String, _ stream: TelemetrySubscription.Stream = .platform) {
        hub.publish(TelemetryEvent(stream: stream) { _ in text })
    }

    func output(_ text: String, _ stream: TelemetrySubscription.Stream = .function) {
        hub.publishOutput(ByteBuffer(string: text), stream: stream)
    }

    func pass(_ time: TimeAmount) {
        clock.pass(time)
        loop.advanceTime(by: time)
    }
}

/// A clock that begins at 1970 and stands still unless told.
final class ManualClock: Sendable {
    private let nanoseconds = Mutex<Int64>(0)

    func pass(_ time: TimeAmount) {
        nanoseconds.withLock { $0 += time.nanoseconds }
    }

    var environmentClock: EnvironmentClock {
        EnvironmentClock(
            now: { .uptimeNanoseconds(0) + .nanoseconds(self.nanoseconds.withLock { $0 }) },
            epochMilliseconds: { self.nanoseconds.withLock { $0 } / 1_000_000 }
        )
    }
}

/// A subscriber's end in memory.
final class FakeDestination: TelemetryDestination {
    private let eventLoop: any EventLoop
    private(set) var batches: [[String]] = []
    private var pending: EventLoopPromise<Void>?
    private(set) var isClosed = false
    private(set) var isPaused = false
    /// Batches are delivered at once, without ``answer()``.
    var answersAtOnce = false

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Of all batches.
    var events: [String] { batches.flatMap { $0 } }

    func send(_ batch: [ByteBuffer]) -> EventLoopFuture<Void> {
        batches.append(batch.map { String(buffer: $0) })
        if answersAtOnce { return eventLoop.makeSucceededVoidFuture() }
        let promise = eventLoop.makePromise(of: Void.self)
        pending = promise
        return promise.futureResult
    }

    func answer() {
        let promise = pending
        pending = nil
        promise?.succeed(())
    }

    func fail() {
        let promise = pending
        pending = nil
        promise?.fail(TelemetryDeliveryError.disconnected)
    }

    func pause() { isPaused = true }

    func resume() { isPaused = false }

    func close() {
        isClosed = true
        fail()
    }

    deinit { fail() }
}
