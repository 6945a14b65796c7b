import NIOCore

/// One extension's subscription at work: carries out what its ``TelemetryBatcher`` decides.
final class TelemetrySubscriber {
    let name: String
    let subscription: TelemetrySubscription
    private let eventLoop: any EventLoop
    private let clock: EnvironmentClock
    private let destination: any TelemetryDestination
    private let onFlushed: (TelemetrySubscriber) -> Void
    private var batcher: TelemetryBatcher
    private let timer: DeadlineTimer
    private var isClosed = false

    /// - Parameter onFlushed: called when a ``flush()`` is over, also before that returns; not after ``close()``.
    init(
        name: String,
        subscription: TelemetrySubscription,
        destination: any TelemetryDestination,
        eventLoop: any EventLoop,
        clock: EnvironmentClock,
        onFlushed: @escaping (TelemetrySubscriber) -> Void
    ) {
        self.name = name
        self.subscription = subscription
        self.destination = destination
        self.eventLoop = eventLoop
        self.clock = clock
        self.onFlushed = onFlushed
        timer = DeadlineTimer(on: eventLoop, now: clock.now)
        let isTold = subscription.streams.contains(.platform)
        batcher = TelemetryBatcher(buffering: subscription.buffering) { records, bytes in
            guard isTold else { return nil }
            let time = WallClock.iso8601(epochMilliseconds: clock.epochMilliseconds())
            return ByteBuffer(string: TelemetryEvent.logsDropped(records: records, bytes: bytes, time: time))
        }
        timer.onFire = { [weak self] in self?.timerFired(at: $0) }
    }

    /// Bytes of events that are held.
    var heldBytes: Int { batcher.heldBytes }

    func receive(_ event: RenderedEvent) {
        guard subscription.streams.contains(event.stream) else { return }
        // A flood of lines must not take the event loop's time for texts that are thrown away.
        if batcher.isDropping, let bytes = event.estimatedBytes { return batcher.drop(bytes) }
        guard let text = event.text(in: subscription.schema) else { return }
        perform(batcher.add(text, at: clock.now()))
    }

    func flush() {
        perform(batcher.flush(at: clock.now()))
    }

    func pause() {
        destination.pause()
        perform(batcher.pause())
    }

    func resume() {
        destination.resume()
        perform(batcher.resume(at: clock.now()))
    }

    /// Forgets what has not been delivered.
    func close() {
        isClosed = true
        timer.cancel()
        destination.close()
    }

    private func perform(_ actions: [TelemetryBatcher.Action]) {
        for action in actions where !isClosed {
            switch action {
            case .send(let batch): send(batch)
            case .setTimer(let deadline): timer.set(deadline)
            case .clearTimer: timer.clear()
            case .flushed: onFlushed(self)
            }
        }
    }

    private func send(_ batch: [ByteBuffer]) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        destination.send(batch).whenComplete { result in
            let subscriber = bound.value
            let now = subscriber.clock.now()
            switch result {
            case .success: subscriber.perform(subscriber.batcher.sent(at: now))
            case .failure: subscriber.perform(subscriber.batcher.sendFailed(at: now))
            }
        }
    }

    private func timerFired(at now: NIODeadline) {
        perform(batcher.timerFired(at: now))
    }
}
