import DequeModule

/// The events of one function that wait for their run, and how many of them may run. Pure.
struct FunctionQueue {
    /// Those that came back, in the order of their acceptance, all of them older than ``fresh``.
    private var returned: Deque<Int64> = []
    /// Those that have never run.
    private var fresh: Deque<Int64> = []
    /// Events that run.
    private(set) var running = 0
    /// Events that run, or whose end is being stored.
    private(set) var inFlight = 0
    /// How many may run: what the function was seen to take.
    private var ceiling: Int
    private let limit: Int
    /// Runs that went well since the ceiling was changed.
    private var taken = 0
    /// Events not taken, one after the other.
    private var refusals = 0
    /// Nothing is run before this time.
    private(set) var pausedUntil: Int64?
    /// Nothing is run or given up before this time: the store has failed.
    private(set) var blockedUntil: Int64?

    init(limit: Int) {
        self.limit = limit
        ceiling = limit
    }

    /// The events that are next; the first is the next one but for its age.
    var heads: [Int64] { [returned.first, fresh.first].compactMap { $0 } }

    var isWaiting: Bool { !returned.isEmpty || !fresh.isEmpty }

    var isIdle: Bool { !isWaiting && inFlight == 0 }

    func mayRun(at now: Int64) -> Bool {
        running < ceiling && mayConclude(at: now) && (pausedUntil ?? 0) <= now
    }

    func mayConclude(at now: Int64) -> Bool {
        inFlight < limit && (blockedUntil ?? 0) <= now
    }

    mutating func append(_ sequence: Int64) {
        fresh.append(sequence)
    }

    /// Takes an event that is a head, to run it or else to store its end.
    mutating func take(_ sequence: Int64, runs: Bool) {
        if returned.first == sequence { returned.removeFirst() } else { fresh.removeFirst() }
        inFlight += 1
        if runs { running += 1 }
    }

    /// An event's run is over; it is still in flight.
    mutating func ran() {
        running -= 1
    }

    /// Puts an event back to its place. Most often that is an end of the queue, so that the search is short.
    mutating func putBack(_ sequence: Int64) {
        var (low, high) = (0, returned.count)
        while low < high {
            let middle = (low + high) / 2
            if returned[middle] < sequence { low = middle + 1 } else { high = middle }
        }
        returned.insert(sequence, at: low)
    }

    /// An event is not in flight any more.
    mutating func left() {
        inFlight -= 1
    }

    /// The function has taken an event: after as many as the ceiling allows it is tried whether it takes one more.
    mutating func wasTaken() {
        refusals = 0
        pausedUntil = nil
        taken += 1
        guard taken >= ceiling else { return }
        taken = 0
        ceiling = min(limit, ceiling + 1)
    }

    /// The function has not taken an event that has left. Where others of it run, the end of one makes room; else only time
    /// does.
    mutating func wasRefused(waitsForEnd: Bool, at now: Int64, _ timing: EventTiming) {
        taken = 0
        ceiling = max(1, min(ceiling, running))
        guard running == 0 || !waitsForEnd else { return }
        // Of many that are refused at once, one counts.
        guard (pausedUntil ?? 0) <= now else { return }
        refusals += 1
        pausedUntil = now + timing.backOff(refusals: refusals)
    }

    mutating func block(until time: Int64) {
        blockedUntil = max(blockedUntil ?? 0, time)
    }

    /// Something has changed: it is tried again at once.
    mutating func wake() {
        pausedUntil = nil
        blockedUntil = nil
        refusals = 0
        ceiling = limit
    }
}
