import DequeModule
import NIOCore

/// Environments that have given their answer but are not done: the runtime has not asked for its next event yet, or an
/// extension is busy.
///
/// Lambda takes such an environment for busy until it is over. A caller that comes back with its next event at once, as
/// every client in a loop does, would find it so nearly always, and twice as many environments would be made as there are
/// callers; where the machine has more to do than it can, each one made puts off the others even more. So an invocation
/// waits for one that has answered, each of them having one who waits, about as long as it would take to make another one;
/// what takes longer than that to go on is as good as busy.
///
/// Where no other one can be made, there is nothing better than to wait, however long. So callers who each wait for their
/// answers are never refused while there are no more of them than environments; how busy the machine is makes no difference.
extension PoolScheduler {
    /// The environment's caller has its answer, and the environment itself will go on.
    mutating func answered(_ id: EnvironmentID, initDuration: TimeAmount? = nil, at now: NIODeadline) {
        guard let member = members[id], case .busy = member.state else { return }
        if member.isNew { lastInitDuration = initDuration ?? .zero }
        members[id]?.isNew = false
        members[id]?.state = .answered(since: now)
        forgetFormer()
        answered.append((id, now))
    }

    /// How long somebody waits for one that has answered.
    var patience: TimeAmount { max(limits.patience, min(lastInitDuration, .seconds(1))) }

    /// - Parameter isFull: no other environment can be made.
    mutating func reserve(_ ticket: Ticket, isFull: Bool, at now: NIODeadline) -> [Action]? {
        guard let id = isFull ? takeAnyAnswered() : takeAnswered(at: now) else { return nil }
        let until = now + patience
        members[id]?.state = .reserved(ticket, until: until)
        reservations.append((id, until))
        return patienceTimer()
    }

    /// Those who have waited for too long wait for any environment from now on, before all others. ``dispatch()`` may
    /// follow.
    mutating func patienceEnded(at now: NIODeadline) -> [Action] {
        hasPatienceTimer = false
        var impatient: [Ticket] = []
        while let (id, until) = reservations.first {
            if case .reserved(let ticket, until)? = members[id]?.state {
                guard until <= now else { break }
                members[id]?.state = .busy
                isSlowAfterAnswers = true
                impatient.append(ticket)
            }
            reservations.removeFirst()
        }
        waiting.prepend(contentsOf: impatient)
        return patienceTimer()
    }

    /// The one that has answered first will be done first.
    private mutating func takeAnswered(at now: NIODeadline) -> EnvironmentID? {
        guard !isSlowAfterAnswers else { return nil }
        while let (id, since) = answered.popFirst() {
            guard case .answered(since)? = members[id]?.state, since + patience > now else { continue }
            return id
        }
        return nil
    }

    /// The same, long ago or not.
    private mutating func takeAnyAnswered() -> EnvironmentID? {
        while let (id, since) = answered.popFirst() {
            if case .answered(since)? = members[id]?.state { return id }
        }
        // Those whose turn in the line was let pass.
        let former = members.compactMap { id, member -> (id: EnvironmentID, since: NIODeadline)? in
            guard case .answered(let since) = member.state else { return nil }
            return (id, since)
        }
        return former.min { ($0.since, $0.id) < ($1.since, $1.id) }?.id
    }

    /// Keeps the line short while nobody asks for those in it.
    private mutating func forgetFormer() {
        guard answered.count > 2 * members.count else { return }
        answered.removeAll { entry in
            if case .answered(entry.since)? = members[entry.id]?.state { false } else { true }
        }
    }

    /// For the one who has waited longest.
    private mutating func patienceTimer() -> [Action] {
        guard !hasPatienceTimer, stage != .closed, let first = reservations.first else { return [] }
        hasPatienceTimer = true
        return [.setPatienceTimer(first.until)]
    }
}
