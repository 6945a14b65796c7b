import DequeModule
import NIOCore

/// Which environment runs which invocation. Pure: events in, actions out, first come first served; nothing here waits,
/// reads a clock or touches an environment.
///
/// Rules: 02 §1 of the design; AWS Lambda developer guide, "Understanding Lambda function scaling": an environment runs one
/// invocation at a time, one that rests is used before a new one is made, and who finds neither gets 429.
struct PoolScheduler<Ticket> {
    /// Of an environment in its pool; never used again.
    typealias EnvironmentID = Int

    struct Limits: Hashable {
        /// How many environments there may be.
        var environments = 1
        /// How many invocations may wait for one.
        var waiting = 0
        /// How long an environment may rest before it is ended; `nil`: for ever.
        var idleTime: TimeAmount?
        /// How many are kept however long they rest.
        var provisioned = 0
    }

    enum Action {
        /// Make an environment.
        case open(EnvironmentID)
        case run(Ticket, on: EnvironmentID)
        /// There is no room for it.
        case refuse(Ticket)
        /// Shut the environment down; ``ended(_:)`` follows.
        case end(EnvironmentID)
        /// ``timePassed(at:)`` is to be called then.
        case setTimer(NIODeadline)
    }

    private enum Environment {
        /// → `idle`, `ending`
        case busy
        /// → `busy`, `ending`
        case idle(since: NIODeadline)
        /// Its processes are being ended. → gone
        case ending
    }

    private let limits: Limits
    private var environments: [EnvironmentID: Environment] = [:]
    /// Those that rest, the warmest last.
    private var resting: Deque<EnvironmentID> = []
    private var waiting = Deque<Ticket>()
    private var nextID = 0
    private var isClosed = false
    private var hasTimer = false

    init(limits: Limits) {
        self.limits = limits
    }

    /// Environments that are not being ended.
    var count: Int { environments.values.count { if case .ending = $0 { false } else { true } } }

    /// Invocations that run.
    private(set) var busyCount = 0

    var waitingCount: Int { waiting.count }

    // MARK: Events

    /// Makes the environments that are to be there before anybody asks.
    mutating func start(at now: NIODeadline) -> [Action] {
        (0..<limits.provisioned).flatMap { _ in
            let id = makeEnvironment(.idle(since: now))
            resting.append(id)
            return [Action.open(id)]
        }
    }

    /// - Parameter mayRun: whether one more may run at all: others share a limit with this pool.
    mutating func submit(_ ticket: Ticket, mayRun: Bool = true) -> [Action] {
        guard !isClosed else { return [.refuse(ticket)] }
        if mayRun, let id = resting.popLast() {
            environments[id] = .busy
            busyCount += 1
            return [.run(ticket, on: id)]
        }
        if mayRun, count < limits.environments {
            let id = makeEnvironment(.busy)
            busyCount += 1
            return [.open(id), .run(ticket, on: id)]
        }
        guard waiting.count < limits.waiting else { return [.refuse(ticket)] }
        waiting.append(ticket)
        return []
    }

    /// There is room for one more again, where others had taken it.
    mutating func roomWasMade() -> [Action] {
        guard let ticket = waiting.popFirst() else { return [] }
        return submit(ticket)
    }

    /// The environment is ready for another invocation.
    ///
    /// - Parameter mayRun: as in ``submit(_:mayRun:)``.
    mutating func becameIdle(_ id: EnvironmentID, at now: NIODeadline, mayRun: Bool = true) -> [Action] {
        guard case .busy = environments[id] else { return [] }
        if mayRun, let ticket = waiting.popFirst() { return [.run(ticket, on: id)] }
        environments[id] = .idle(since: now)
        busyCount -= 1
        resting.append(id)
        return timer(at: now)
    }

    /// Nothing is left of the environment, asked for or not.
    mutating func ended(_ id: EnvironmentID, mayRun: Bool = true) -> [Action] {
        guard let environment = environments.removeValue(forKey: id) else { return [] }
        if case .busy = environment { busyCount -= 1 }
        resting.removeAll { $0 == id }
        guard mayRun, let ticket = waiting.popFirst() else { return [] }
        return submit(ticket)
    }

    /// Ends those that have rested for too long, the coldest first.
    mutating func timePassed(at now: NIODeadline) -> [Action] {
        hasTimer = false
        guard let idleTime = limits.idleTime, !isClosed else { return [] }
        var actions: [Action] = []
        while count > limits.provisioned, let id = resting.first, case .idle(let since)? = environments[id],
            since + idleTime <= now
        {
            resting.removeFirst()
            environments[id] = .ending
            actions.append(.end(id))
        }
        return actions + timer(at: now)
    }

    /// Takes no more: who waits is refused, every environment is ended.
    mutating func close() -> [Action] {
        guard !isClosed else { return [] }
        isClosed = true
        let refused = waiting.map { Action.refuse($0) }
        waiting = []
        resting = []
        busyCount = 0
        let ids = environments.keys.sorted().filter { if case .ending = environments[$0] { false } else { true } }
        for id in ids { environments[id] = .ending }
        return refused + ids.map { .end($0) }
    }

    // MARK: Parts

    private mutating func makeEnvironment(_ state: Environment) -> EnvironmentID {
        defer { nextID += 1 }
        environments[nextID] = state
        return nextID
    }

    /// For the one that has rested longest.
    private mutating func timer(at now: NIODeadline) -> [Action] {
        guard !hasTimer, !isClosed, let idleTime = limits.idleTime, count > limits.provisioned,
            let id = resting.first, case .idle(let since)? = environments[id]
        else { return [] }
        hasTimer = true
        return [.setTimer(max(now, since + idleTime))]
    }
}
