import DequeModule
import FunctionStore
import LambdaModel

/// Which accepted event is run when. Pure: events in, actions out; times are milliseconds since 1970-01-01 UTC.
///
/// Source of the rules: AWS Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation".
struct EventQueue {
    enum Action: Hashable {
        /// Run it; ``ended(_:_:at:settings:)`` follows.
        case run(StoredEvent)
        /// It is over: store that, with what its destinations get. ``removed(_:)`` or ``notRemoved(_:at:)`` follows.
        case conclude(StoredEvent, EventCondition)
        /// It is run again later: store its attempts and its time.
        case update(StoredEvent)
    }

    enum Result: Hashable {
        case success, functionError, throttled, zeroConcurrency, unavailable
    }

    /// What a function says of its events; `nil`: there is no such function.
    typealias Settings = (_ function: String, _ qualifier: String?) -> EventInvokeSettings?

    private enum State {
        /// In its function's queue. → `running`, `concluding`
        case waiting
        /// Until its time comes. → `waiting`
        case delayed
        /// → `waiting`, `delayed`, `concluding`
        case running
        /// Its end is being stored. → gone, `waiting` where that failed
        case concluding
    }

    private struct Entry {
        /// As the store has it.
        var event: StoredEvent
        var state: State
    }

    private let limits: EventLimits
    private let timing: EventTiming
    private var entries: [Int64: Entry] = [:]
    private var functions: [String: FunctionQueue] = [:]
    /// Functions with waiting events, the one whose turn is next first.
    private var turns: Deque<String> = []
    private var delayed = DueList()
    private var isStopped = false
    private var inFlightBytes = 0

    /// All events' payloads, in bytes.
    private(set) var bytes = 0
    /// Events that run, or whose end is being stored.
    private(set) var inFlight = 0

    init(limits: EventLimits = EventLimits(), timing: EventTiming = EventTiming()) {
        self.limits = limits
        self.timing = timing
    }

    /// Events that are not over.
    var count: Int { entries.count }

    // MARK: Events

    /// An event was accepted, or found at the start.
    mutating func append(_ event: StoredEvent, at now: Int64) {
        guard entries[event.sequence] == nil else { return }
        bytes += event.payloadBytes
        let isDue = event.dueAt <= now || event.attempts == 0
        entries[event.sequence] = Entry(event: event, state: isDue ? .waiting : .delayed)
        guard isDue else { return delayed.insert(event.sequence, dueAt: event.dueAt) }
        withQueue(of: event.function) { $0.append(event.sequence) }
    }

    /// A run is over.
    mutating func ended(_ sequence: Int64, _ result: Result, at now: Int64, settings: Settings) -> [Action] {
        guard var entry = entries[sequence], case .running = entry.state else { return [] }
        functions[entry.event.function]?.ran()
        switch result {
        case .success, .functionError:
            withQueue(of: entry.event.function) { $0.wasTaken() }
            entry.event.attempts += 1
        case .zeroConcurrency: break
        case .throttled, .unavailable:
            release(entry.event)
            withQueue(of: entry.event.function) { [timing] queue in
                queue.wasRefused(waitsForEnd: result == .throttled, at: now, timing)
                queue.putBack(sequence)
            }
            entries[sequence]?.state = .waiting
            return []
        }
        switch result {
        case .success: return conclude(entry.event, .success)
        case .zeroConcurrency: return conclude(entry.event, .zeroReservedConcurrency)
        default: return failed(entry.event, at: now, settings: settings)
        }
    }

    /// The end of an event is stored.
    mutating func removed(_ sequence: Int64) {
        guard let entry = entries.removeValue(forKey: sequence) else { return }
        bytes -= entry.event.payloadBytes
        release(entry.event)
        if functions[entry.event.function]?.isIdle == true { functions[entry.event.function] = nil }
    }

    /// The end of an event could not be stored: it is run again, after a while.
    mutating func notRemoved(_ sequence: Int64, at now: Int64) {
        guard let entry = entries[sequence], case .concluding = entry.state else { return }
        release(entry.event)
        entries[sequence]?.state = .waiting
        withQueue(of: entry.event.function) { queue in
            queue.block(until: now + Self.storeBackOff)
            queue.putBack(sequence)
        }
    }

    /// The store does not have it any more.
    mutating func vanished(_ sequence: Int64) {
        guard let entry = entries[sequence] else { return }
        if case .running = entry.state { functions[entry.event.function]?.ran() }
        removed(sequence)
    }

    /// Something of a function has changed: what waited for it is tried at once.
    mutating func wake(_ function: String) {
        functions[function]?.wake()
    }

    /// Starts nothing more.
    mutating func stop() {
        isStopped = true
    }

    /// Takes from the queue what may be run now, and what has waited for too long.
    mutating func advance(at now: Int64, settings: Settings) -> [Action] {
        guard !isStopped else { return [] }
        while let sequence = delayed.popDue(at: now) {
            guard let entry = entries[sequence] else { continue }
            entries[sequence]?.state = .waiting
            withQueue(of: entry.event.function) { $0.putBack(sequence) }
        }
        var actions: [Action] = []
        var idle = 0
        // One event of each function a turn.
        while idle < turns.count, let function = turns.popFirst() {
            guard functions[function]?.isWaiting == true else { continue }
            if let action = next(of: function, at: now, settings: settings) {
                actions.append(action)
                idle = 0
            } else {
                idle += 1
            }
            turns.append(function)
        }
        return actions
    }

    /// When ``advance(at:settings:)`` has something to do if nothing else happens.
    func nextTime(after now: Int64, settings: Settings) -> Int64? {
        guard !isStopped else { return nil }
        var times = delayed.first.map { [$0] } ?? []
        for function in turns {
            guard let queue = functions[function] else { continue }
            times += [queue.pausedUntil, queue.blockedUntil].compactMap { $0 }
            times += queue.heads.compactMap { entries[$0].map { expiry(of: $0.event, settings: settings) } }
        }
        // What the past allows and did not happen waits for the end of something.
        return times.filter { $0 > now }.min()
    }

    // MARK: Parts

    /// How long nothing of a function is done after its event's end could not be stored.
    private static let storeBackOff: Int64 = 1_000

    private mutating func next(of function: String, at now: Int64, settings: Settings) -> Action? {
        guard let queue = functions[function], queue.mayConclude(at: now), inFlight < limits.running else { return nil }
        for sequence in queue.heads {
            guard let event = entries[sequence]?.event, expiry(of: event, settings: settings) <= now else { continue }
            take(event, .concluding, runs: false)
            return .conclude(event, .eventAgeExceeded)
        }
        guard queue.mayRun(at: now), let first = queue.heads.first, let event = entries[first]?.event,
            inFlight == 0 || inFlightBytes + event.payloadBytes <= limits.runningBytes
        else { return nil }
        take(event, .running, runs: true)
        return .run(event)
    }

    private mutating func take(_ event: StoredEvent, _ state: State, runs: Bool) {
        entries[event.sequence]?.state = state
        inFlight += 1
        inFlightBytes += event.payloadBytes
        functions[event.function]?.take(event.sequence, runs: runs)
    }

    /// An event is not in flight any more.
    private mutating func release(_ event: StoredEvent) {
        inFlight -= 1
        inFlightBytes -= event.payloadBytes
        functions[event.function]?.left()
    }

    private mutating func conclude(_ event: StoredEvent, _ condition: EventCondition) -> [Action] {
        // The entry keeps the attempts that the store knows of: should this fail, they count.
        entries[event.sequence]?.state = .concluding
        return [.conclude(event, condition)]
    }

    private mutating func failed(_ event: StoredEvent, at now: Int64, settings: Settings) -> [Action] {
        let own = settings(event.function, event.qualifier) ?? EventInvokeSettings()
        guard event.attempts <= own.maximumRetryAttempts else { return conclude(event, .retriesExhausted) }
        var event = event
        event.dueAt = now + timing.retryDelay(afterAttempt: event.attempts)
        // Told at once: there is no time for another run.
        guard event.dueAt < event.acceptedAt + timing.maximumAge(own) else { return conclude(event, .eventAgeExceeded) }
        release(event)
        entries[event.sequence] = Entry(event: event, state: .delayed)
        delayed.insert(event.sequence, dueAt: event.dueAt)
        return [.update(event)]
    }

    private func expiry(of event: StoredEvent, settings: Settings) -> Int64 {
        event.acceptedAt + timing.maximumAge(settings(event.function, event.qualifier) ?? EventInvokeSettings())
    }

    /// Changes a function's queue, and gives it its turn where something waits there.
    private mutating func withQueue(of function: String, _ change: (inout FunctionQueue) -> Void) {
        var queue = functions[function] ?? FunctionQueue(limit: limits.runningPerFunction)
        let waited = queue.isWaiting
        change(&queue)
        functions[function] = queue
        if !waited, queue.isWaiting, !turns.contains(function) { turns.append(function) }
    }
}
