import DequeModule
import NIOCore

/// Which environment runs which invocation. Pure: events in, actions out, first come first served; nothing here waits,
/// reads a clock or touches an environment. Environments that are kept ahead, that have answered, and the end of the pool
/// are in the extensions beside this file.
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
        /// How many are made ahead and kept however long they rest.
        var provisioned = 0
        /// How long an invocation waits at least for an environment that has given its last answer.
        var patience = TimeAmount.milliseconds(20)
    }

    enum Action {
        /// Make an environment; one that is provisioned begins its init phase at once.
        case open(EnvironmentID, isProvisioned: Bool)
        case run(Ticket, on: EnvironmentID)
        /// There is no room for it.
        case refuse(Ticket)
        /// Shut the environment down; ``ended(_:)`` follows.
        case end(EnvironmentID)
        /// ``timePassed(at:)`` is to be called then.
        case setTimer(NIODeadline)
        /// ``patienceEnded(at:)`` is to be called then.
        case setPatienceTimer(NIODeadline)
    }

    struct Member {
        var state: State
        var isProvisioned = false
        /// It has answered nobody yet.
        var isNew = true
    }

    enum State {
        /// Provisioned, with nobody to run for yet. → `idle`, `busy`, `ending`
        case initializing
        /// → `answered`, `idle`, `initializing`, `ending`
        case busy
        /// Its caller has the answer, but the runtime or an extension is not done. → `reserved`, `idle`, `initializing`,
        /// `ending`
        case answered(since: NIODeadline)
        /// As `answered`, and this invocation is the next. → `busy`, `ending`
        case reserved(Ticket, until: NIODeadline)
        /// → `busy`, `initializing`, `ending`
        case idle(since: NIODeadline)
        /// Its processes are being ended. → gone
        case ending
    }

    /// The life of the pool.
    enum Stage {
        /// → `retiring`, `closed`
        case open
        /// Takes no more, but runs what it has taken. → `closed`
        case retiring
        /// Final.
        case closed
    }

    var limits: Limits
    var stage = Stage.open
    var members: [EnvironmentID: Member] = [:]
    /// Those that rest, the warmest last.
    var resting: Deque<EnvironmentID> = []
    /// The same for those that are provisioned.
    var restingProvisioned: Deque<EnvironmentID> = []
    var waiting = Deque<Ticket>()
    /// Those that have answered, the first of them first; some may have gone on to another state since.
    var answered = Deque<(id: EnvironmentID, since: NIODeadline)>()
    /// Those for which an invocation waits; some may have gone on since.
    var reservations = Deque<(id: EnvironmentID, until: NIODeadline)>()
    /// The last one that was waited for took longer than anybody should wait: this function does much after its answers.
    var isSlowAfterAnswers = false
    /// Of the last environment that was made.
    var lastInitDuration = TimeAmount.zero
    var hasTimer = false
    var hasPatienceTimer = false
    private var nextID = 0
    private(set) var endingCount = 0
    /// Invocations that run.
    private(set) var busyCount = 0

    init(limits: Limits) {
        self.limits = limits
    }

    /// Environments that are not being ended.
    var count: Int { members.count - endingCount }

    var waitingCount: Int { waiting.count }

    // MARK: Events

    mutating func submit(_ ticket: Ticket, room: Room = .free, at now: NIODeadline) -> [Action] {
        guard stage == .open else { return [.refuse(ticket)] }
        if waiting.isEmpty, let actions = runAtOnce(ticket, room, at: now) { return actions }
        guard waiting.count < limits.waiting, room != .never else { return [.refuse(ticket)] }
        waiting.append(ticket)
        return []
    }

    private mutating func runAtOnce(_ ticket: Ticket, _ room: Room, at now: NIODeadline) -> [Action]? {
        if room == .free, let id = takeResting() { return run(ticket, on: id) }
        let isFull = room == .taken || count >= limits.environments
        if room == .free || room == .taken, let actions = reserve(ticket, isFull: isFull, at: now) { return actions }
        guard room == .free else { return nil }
        return open(for: ticket) ?? takeInitializing().map { run(ticket, on: $0) }
    }

    /// Whether ``dispatch()`` would let somebody run who waits.
    var canDispatch: Bool {
        guard !waiting.isEmpty else { return false }
        return !resting.isEmpty || !restingProvisioned.isEmpty || count < limits.environments || hasInitializing
    }

    /// Lets the first one run who waits. Legal while there is room for one more.
    mutating func dispatch() -> [Action] {
        guard canDispatch, let ticket = waiting.popFirst() else { return [] }
        if let id = takeResting() { return run(ticket, on: id) + endSurplus() }
        if let actions = open(for: ticket) { return actions + endSurplus() }
        guard let id = takeInitializing() else { return [] }
        return run(ticket, on: id) + endSurplus()
    }

    /// Nobody who waits will ever run.
    mutating func refuseWaiting() -> [Action] {
        defer { waiting = [] }
        return waiting.map { .refuse($0) }
    }

    /// The environment is ready for another invocation. ``dispatch()`` may follow.
    ///
    /// - Parameters:
    ///   - isInitialized: `false` after a reset: its next invocation would begin with an init.
    ///   - hasPlace: whether an invocation may take the place of the one that has ended.
    mutating func becameIdle(
        _ id: EnvironmentID,
        isInitialized: Bool = true,
        hasPlace: Bool = true,
        at now: NIODeadline
    ) -> [Action] {
        guard let member = members[id] else { return [] }
        switch member.state {
        case .ending: return []
        case .idle, .initializing:
            guard member.isProvisioned, !isInitialized else { return [] }
            restingProvisioned.removeAll { $0 == id }
            members[id]?.state = .initializing
            return []
        case .reserved(let ticket, _):
            isSlowAfterAnswers = false
            if hasPlace {
                members[id]?.state = .busy
                return [.run(ticket, on: id)]
            }
            waiting.prepend(ticket)
        case .answered(let since):
            if now - since <= patience { isSlowAfterAnswers = false }
        case .busy: break
        }
        busyCount -= 1
        return rest(id, isInitialized: isInitialized, at: now)
    }

    /// Nothing is left of the environment, asked for or not. ``dispatch()`` may follow.
    mutating func ended(_ id: EnvironmentID) -> [Action] {
        guard let member = members.removeValue(forKey: id) else { return [] }
        switch member.state {
        case .ending: endingCount -= 1
        case .busy, .answered: busyCount -= 1
        case .reserved(let ticket, _):
            busyCount -= 1
            waiting.prepend(ticket)
        case .idle: forgetRest(of: id)
        case .initializing: break
        }
        return endSurplus()
    }

    // MARK: Parts

    mutating func rest(_ id: EnvironmentID, isInitialized: Bool, at now: NIODeadline) -> [Action] {
        let isProvisioned = members[id]?.isProvisioned ?? false
        if isProvisioned, !isInitialized {
            members[id]?.state = .initializing
            return endSurplus()
        }
        members[id]?.state = .idle(since: now)
        if isProvisioned { restingProvisioned.append(id) } else { resting.append(id) }
        return endSurplus() + timer(at: now)
    }

    /// The warmest; one that is provisioned first, as on Lambda.
    private mutating func takeResting() -> EnvironmentID? {
        restingProvisioned.popLast() ?? resting.popLast()
    }

    private mutating func run(_ ticket: Ticket, on id: EnvironmentID) -> [Action] {
        members[id]?.state = .busy
        busyCount += 1
        return [.run(ticket, on: id)]
    }

    private mutating func open(for ticket: Ticket) -> [Action]? {
        guard count < limits.environments else { return nil }
        let id = makeMember(Member(state: .idle(since: .uptimeNanoseconds(0))))
        return [.open(id, isProvisioned: false)] + run(ticket, on: id)
    }

    mutating func makeMember(_ member: Member) -> EnvironmentID {
        defer { nextID += 1 }
        members[nextID] = member
        return nextID
    }

    /// Of one that nobody uses.
    mutating func end(_ id: EnvironmentID) -> Action {
        members[id]?.state = .ending
        endingCount += 1
        return .end(id)
    }

    /// All are being ended, whatever they do.
    mutating func endAll() -> [Action] {
        let ids = members.keys.sorted().filter { if case .ending? = members[$0]?.state { false } else { true } }
        resting = []
        restingProvisioned = []
        answered = []
        reservations = []
        busyCount = 0
        return ids.map { end($0) }
    }

    func isBusy(_ id: EnvironmentID) -> Bool {
        switch members[id]?.state {
        case .busy, .answered, .reserved: true
        case .initializing, .idle, .ending, nil: false
        }
    }

    private mutating func forgetRest(of id: EnvironmentID) {
        resting.removeAll { $0 == id }
        restingProvisioned.removeAll { $0 == id }
    }
}
