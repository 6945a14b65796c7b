import LambdaModel
import NIOCore

/// Hands the telemetry of one environment to the extensions that have subscribed to it. Belongs to its event loop.
///
/// Extensions may subscribe during init; what happens until then is kept for them, within limits. After that, an
/// environment without subscribers pays one look at ``isListening`` for each event. Has to be closed: deliveries are
/// attempted again as long as it is open.
final class TelemetryHub {
    package typealias MakeDestination = (TelemetrySubscription.Destination, any EventLoop) -> any TelemetryDestination

    private let eventLoop: any EventLoop
    private let logFormat: LoggingConfiguration.Format
    private let clock: EnvironmentClock
    private let makeDestination: MakeDestination

    private var subscribers: [TelemetrySubscriber] = []
    /// `nil` when the time for subscriptions is over.
    private var history: TelemetryHistory? = TelemetryHistory()
    private var output: [TelemetrySubscription.Stream: OutputLines] = [:]
    private var flushes: [TelemetryFlush] = []
    private var isPaused = false

    /// - Parameter logFormat: the function's: whether lines that are JSON objects are passed on as such.
    init(
        eventLoop: any EventLoop,
        logFormat: LoggingConfiguration.Format,
        clock: EnvironmentClock,
        makeDestination: @escaping MakeDestination = { $0.connect(by: .thisMachine, on: $1) }
    ) {
        self.eventLoop = eventLoop
        self.logFormat = logFormat
        self.clock = clock
        self.makeDestination = makeDestination
    }

    /// Whether what is published can reach anybody.
    var isListening: Bool { !subscribers.isEmpty || history != nil }

    /// Bytes of events that are held for subscribers.
    var heldBytes: Int { subscribers.reduce(0) { $0 + $1.heldBytes } }

    // MARK: Subscriptions

    /// Begins to send what is published from now on, and what was published since the environment's start.
    /// - Parameter name: the extension's. How many there are is the caller's to bound.
    func subscribe(
        _ subscription: TelemetrySubscription,
        name: String
    ) throws(APIRefusal) -> SubscriptionResult {
        guard let history else { throw .subscriptionClosed(subscription.api) }
        if let present = subscribers.first(where: { $0.name == name }) {
            guard present.subscription.api == subscription.api else {
                let name = present.subscription.api.name
                let problem = "the extension has already subscribed through the \(name)"
                throw .invalidSubscription(subscription.api, [problem])
            }
            return .alreadySubscribed
        }
        let subscriber = TelemetrySubscriber(
            name: name,
            subscription: subscription,
            destination: makeDestination(subscription.destination, eventLoop),
            eventLoop: eventLoop,
            clock: clock,
            onFlushed: { [weak self] in self?.flushed($0) }
        )
        subscribers.append(subscriber)
        if isPaused { subscriber.pause() }
        for event in history.events { subscriber.receive(event) }
        return .subscribed
    }

    /// The init phase is over: nobody can subscribe any more, so that nothing has to be kept.
    func closeSubscriptions() {
        history = nil
    }

    // MARK: Events

    func publish(_ event: TelemetryEvent) {
        guard isListening else { return }
        let rendered = RenderedEvent(event)
        if history != nil {
            let text = { rendered.text(in: TelemetryHistory.measuredSchema)?.readableBytes }
            history?.append(rendered, bytes: event.estimatedBytes ?? text() ?? 0)
        }
        for subscriber in subscribers { subscriber.receive(rendered) }
    }

    /// Output of the runtime or of extensions, in pieces of any size: each line is an event. The beginning of a line
    /// waits for its end.
    func publishOutput(_ bytes: ByteBuffer, stream: TelemetrySubscription.Stream) {
        guard isListening else { return }
        let lines = output[stream, default: OutputLines()].append(bytes)
        publish(lines, stream: stream)
    }

    /// No more output is to be expected for now: the beginning of a line is an event as well.
    func endOfOutput(_ stream: TelemetrySubscription.Stream) {
        guard isListening else { return }
        if let line = output[stream]?.end() { publish([line], stream: stream) }
    }

    private func publish(_ lines: [String], stream: TelemetrySubscription.Stream) {
        guard !lines.isEmpty else { return }
        let time = WallClock.iso8601(epochMilliseconds: clock.epochMilliseconds())
        for line in lines { publish(.output(line, stream: stream, logFormat: logFormat, time: time)) }
    }

    // MARK: Phases

    /// Calls back exactly once: when everything published so far has been delivered, possibly before this returns, or
    /// when the time is up. The beginning of a line counts only after ``endOfOutput(_:)``.
    func flush(within limit: TimeAmount, _ completion: @escaping () -> Void) {
        guard !subscribers.isEmpty else { return completion() }
        let flush = TelemetryFlush(waitsFor: subscribers, completion: completion)
        flush.limit(to: limit, on: eventLoop)
        flushes.append(flush)
        for subscriber in subscribers { subscriber.flush() }
        flushes.removeAll(where: \.isOver)
    }

    /// The environment is frozen: nothing is sent to it, and no answer expected.
    func pause() {
        isPaused = true
        for subscriber in subscribers { subscriber.pause() }
    }

    /// The environment has thawed.
    func resume() {
        isPaused = false
        for subscriber in subscribers { subscriber.resume() }
    }

    /// The environment starts anew: no subscription, no history; there can be subscriptions again.
    func reset() {
        close()
        history = TelemetryHistory()
    }

    /// Ends all deliveries and connections. Nothing is sent any more, and flushes are over.
    func close() {
        let closed = subscribers
        subscribers = []
        history = nil
        output = [:]
        isPaused = false
        for subscriber in closed { subscriber.close() }
        let ended = flushes
        flushes = []
        for flush in ended { flush.end() }
    }

    private func flushed(_ subscriber: TelemetrySubscriber) {
        for flush in flushes { flush.flushed(subscriber) }
        flushes.removeAll(where: \.isOver)
    }
}
