import NIOCore

/// Gathers the events for one subscriber into batches, and decides when they are sent, sent again or dropped.
///
/// At most one batch is on its way. Meanwhile the next one collects as much as a batch may hold; what comes beyond that
/// is dropped and counted, so that a subscriber costs at most twice its `maxBytes` and one event. The first event of
/// the batch after a gap tells of the gap.
struct TelemetryBatcher {
    enum Action: Equatable {
        /// Report back with ``sent(at:)`` or ``sendFailed(at:)``.
        case send([ByteBuffer])
        /// Replaces the deadline of ``timerFired(at:)``.
        case setTimer(NIODeadline)
        case clearTimer
        /// What ``flush(at:)`` was called for has been delivered.
        case flushed
    }

    private enum State {
        /// No batch is on its way. Becomes `sending`.
        case idle
        /// Becomes `idle` or, when that fails, `waiting`.
        case sending(Batch)
        /// A batch is to be sent again at a time. Becomes `sending`.
        case waiting(Batch, until: NIODeadline)
    }

    private struct Batch {
        var events: [ByteBuffer] = []
        var bytes = 0
        /// When the first event came.
        var begin = NIODeadline.uptimeNanoseconds(0)
    }

    static let firstDelay = TimeAmount.milliseconds(100)
    static let longestDelay = TimeAmount.seconds(2)

    private let buffering: TelemetrySubscription.Buffering
    private let makeDropped: (_ records: Int, _ bytes: Int) -> ByteBuffer?

    private var state = State.idle
    private var collected = Batch()
    private var dropped = (records: 0, bytes: 0)
    /// Before the next attempt, should the present one fail.
    private var delay = Self.firstDelay
    private var isPaused = false
    private var timer: NIODeadline?
    /// Batches that were begun, and that were delivered.
    private var begun = 0
    private var delivered = 0
    /// How many batches must have been delivered to end the flush.
    private var flushTarget: Int?

    /// - Parameter makeDropped: the event that tells of dropped ones; `nil` when the subscriber is not to be told.
    init(
        buffering: TelemetrySubscription.Buffering,
        makeDropped: @escaping (_ records: Int, _ bytes: Int) -> ByteBuffer?
    ) {
        self.buffering = buffering
        self.makeDropped = makeDropped
    }

    /// Bytes of events that are held.
    var heldBytes: Int { collected.bytes + bytesOnTheirWay }

    /// Whether an event that is added now is dropped, whatever its size.
    var isDropping: Bool { dropped.records > 0 }

    // MARK: Events

    /// - Parameter event: one event's JSON text.
    mutating func add(_ event: ByteBuffer, at now: NIODeadline) -> [Action] {
        let sending = fits(event.readableBytes) ? [] : sendIfDue(at: now, orFull: true)
        if !isDropping, fits(event.readableBytes) {
            collect(event, at: now)
        } else {
            drop(event.readableBytes)
        }
        return proceed(at: now, after: sending)
    }

    mutating func timerFired(at now: NIODeadline) -> [Action] {
        timer = nil
        return proceed(at: now)
    }

    /// The batch on its way has been delivered.
    mutating func sent(at now: NIODeadline) -> [Action] {
        guard case .sending = state else { return [] }
        state = .idle
        delivered += 1
        delay = Self.firstDelay
        noteDropped(at: now)
        return proceed(at: now)
    }

    /// The batch on its way has perhaps not been delivered: it will be sent again, however often that takes.
    mutating func sendFailed(at now: NIODeadline) -> [Action] {
        guard case .sending(let batch) = state else { return [] }
        state = .waiting(batch, until: now + delay)
        delay = min(delay * 2, Self.longestDelay)
        return proceed(at: now)
    }

    /// Asks for ``Action/flushed`` as soon as all that was added so far has been delivered, and sends what can be sent
    /// now. How long to wait for that is the caller's business. A second flush before the end of the first extends it.
    mutating func flush(at now: NIODeadline) -> [Action] {
        flushTarget = begun + (collected.events.isEmpty ? 0 : 1) + (dropped.records > 0 ? 1 : 0)
        if case .waiting(let batch, _) = state { state = .waiting(batch, until: now) }
        return proceed(at: now)
    }

    /// The environment is frozen: nothing is sent, events are collected.
    mutating func pause() -> [Action] {
        isPaused = true
        return updateTimer()
    }

    mutating func resume(at now: NIODeadline) -> [Action] {
        isPaused = false
        return proceed(at: now)
    }

    // MARK: Sending

    /// What there is to do after an event. The sending comes last, as it may be reported on before it returns.
    private mutating func proceed(at now: NIODeadline, after sent: [Action] = []) -> [Action] {
        let sending = sent + sendIfDue(at: now, orFull: false)
        var actions = updateTimer()
        if endFlush() { actions.append(.flushed) }
        return actions + sending
    }

    private mutating func sendIfDue(at now: NIODeadline, orFull isFull: Bool) -> [Action] {
        guard !isPaused else { return [] }
        switch state {
        case .sending: return []
        case .waiting(let batch, let until):
            guard until <= now else { return [] }
            return send(batch)
        case .idle:
            guard !collected.events.isEmpty, isFull || isDue(at: now) else { return [] }
            let batch = collected
            collected = Batch()
            begun += 1
            noteDropped(at: now)
            return send(batch)
        }
    }

    private mutating func send(_ batch: Batch) -> [Action] {
        state = .sending(batch)
        return [.send(batch.events)]
    }

    /// After a gap the batch cannot grow any more.
    private func isDue(at now: NIODeadline) -> Bool {
        isDropping || collected.begin + buffering.timeout <= now || collected.bytes >= buffering.maxBytes
            || collected.events.count >= buffering.maxItems || isFlushing
    }

    private var isFlushing: Bool { flushTarget.map { delivered < $0 } ?? false }

    private mutating func endFlush() -> Bool {
        guard flushTarget != nil else { return false }
        // Dropped events of which the subscriber is not told leave no batch behind.
        var isEmpty = collected.events.isEmpty
        if case .idle = state {} else { isEmpty = false }
        guard !isFlushing || isEmpty else { return false }
        flushTarget = nil
        return true
    }

    private mutating func updateTimer() -> [Action] {
        let next = nextDeadline
        guard next != timer else { return [] }
        timer = next
        return [next.map { .setTimer($0) } ?? .clearTimer]
    }

    private var nextDeadline: NIODeadline? {
        guard !isPaused else { return nil }
        switch state {
        case .sending: return nil
        case .waiting(_, let until): return until
        case .idle: return collected.events.isEmpty ? nil : collected.begin + buffering.timeout
        }
    }

    // MARK: Collecting

    /// Whether the batch being collected takes an event of this size. One that is too large for any batch makes up one
    /// of its own, though not behind another such.
    private func fits(_ bytes: Int) -> Bool {
        if collected.events.isEmpty { return bytes <= buffering.maxBytes || bytesOnTheirWay <= buffering.maxBytes }
        return collected.events.count < buffering.maxItems && collected.bytes + bytes <= buffering.maxBytes
    }

    private mutating func collect(_ event: ByteBuffer, at now: NIODeadline) {
        if collected.events.isEmpty { collected.begin = now }
        collected.events.append(event)
        collected.bytes += event.readableBytes
    }

    /// From the first dropped event on all are dropped until there is room for a new batch, so that what tells of the
    /// gap stands where the gap is.
    /// Legal, from outside, while ``isDropping``.
    mutating func drop(_ bytes: Int) {
        dropped.records += 1
        dropped.bytes += bytes
    }

    private mutating func noteDropped(at now: NIODeadline) {
        guard dropped.records > 0, collected.events.isEmpty else { return }
        let event = makeDropped(dropped.records, dropped.bytes)
        dropped = (0, 0)
        if let event { collect(event, at: now) }
    }

    private var bytesOnTheirWay: Int {
        switch state {
        case .idle: 0
        case .sending(let batch), .waiting(let batch, _): batch.bytes
        }
    }
}
