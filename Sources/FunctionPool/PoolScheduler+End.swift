import DequeModule
import NIOCore

/// The end of environments that have rested for long, and of the whole pool.
extension PoolScheduler {
    /// Takes no more. Who waits still runs; environments end as soon as nobody needs them.
    mutating func retire() -> [Action] {
        guard stage == .open else { return [] }
        stage = .retiring
        return endSurplus()
    }

    /// Takes no more: who waits is refused, every environment is ended.
    mutating func close() -> [Action] {
        guard stage != .closed else { return [] }
        stage = .closed
        var refused = refuseWaiting()
        for id in members.keys.sorted() {
            if case .reserved(let ticket, _)? = members[id]?.state { refused.append(.refuse(ticket)) }
        }
        return refused + endAll()
    }

    /// Nothing is left of a pool that takes no more.
    var isOver: Bool { stage != .open && members.isEmpty && waiting.isEmpty }

    /// Ends those that have rested for too long, the coldest first. Those that are provisioned may.
    mutating func timePassed(at now: NIODeadline) -> [Action] {
        hasTimer = false
        guard let idleTime = limits.idleTime, stage == .open else { return [] }
        var actions: [Action] = []
        while let id = resting.first, case .idle(let since)? = members[id]?.state, since + idleTime <= now {
            resting.removeFirst()
            actions.append(end(id))
        }
        return actions + timer(at: now)
    }

    /// For the one that has rested longest.
    mutating func timer(at now: NIODeadline) -> [Action] {
        guard !hasTimer, stage == .open, let idleTime = limits.idleTime,
            let id = resting.first, case .idle(let since)? = members[id]?.state
        else { return [] }
        hasTimer = true
        return [.setTimer(max(now, since + idleTime))]
    }

    /// In a pool that takes no more: those that rest, but as many as there are invocations that wait.
    mutating func endSurplus() -> [Action] {
        guard stage == .retiring else { return [] }
        var actions: [Action] = []
        while let id = takeInitializing() { actions.append(end(id)) }
        while resting.count + restingProvisioned.count > waiting.count,
            let id = resting.popFirst() ?? restingProvisioned.popFirst()
        {
            actions.append(end(id))
        }
        return actions
    }
}
