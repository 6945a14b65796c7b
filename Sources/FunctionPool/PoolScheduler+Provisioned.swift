import DequeModule
import NIOCore

/// Environments that are made ahead of any invocation and kept.
///
/// Rules: AWS Lambda developer guide, "Configuring provisioned concurrency for a function": they are initialized before they
/// are wanted and take invocations first; what comes on top, or before they are initialized, runs on demand.
extension PoolScheduler {
    /// How many are initialized, whether they run an invocation or rest.
    var provisionedReadyCount: Int {
        members.values.count { member in
            switch member.state {
            case .busy, .answered, .reserved, .idle: member.isProvisioned
            case .initializing, .ending: false
            }
        }
    }

    func isProvisioned(_ id: EnvironmentID) -> Bool { members[id]?.isProvisioned ?? false }

    /// Makes those that are missing.
    mutating func provision() -> [Action] {
        guard stage == .open else { return [] }
        var actions: [Action] = []
        var missing = limits.provisioned - provisionedCount
        while missing > 0 {
            if count >= limits.environments {
                guard let coldest = resting.popFirst() else { break }
                actions.append(end(coldest))
            }
            let id = makeMember(Member(state: .initializing, isProvisioned: true))
            actions.append(.open(id, isProvisioned: true))
            missing -= 1
        }
        return actions
    }

    /// Changes how many there are to be. Of those that are too many the ones without an invocation are ended, the others
    /// are kept no longer than any that was made on demand.
    mutating func setProvisioned(_ number: Int) -> [Action] {
        limits.provisioned = number
        guard stage == .open else { return [] }
        var actions: [Action] = []
        while provisionedCount > number {
            if let id = takeInitializing() ?? restingProvisioned.popFirst() {
                actions.append(end(id))
            } else if let id = members.first(where: { $0.value.isProvisioned && isBusy($0.key) })?.key {
                members[id]?.isProvisioned = false
            } else {
                break
            }
        }
        return actions + provision()
    }

    /// The init phase of a provisioned environment has succeeded. ``dispatch()`` may follow.
    mutating func initialized(_ id: EnvironmentID, at now: NIODeadline) -> [Action] {
        guard case .initializing? = members[id]?.state else { return [] }
        return rest(id, isInitialized: true, at: now)
    }

    var hasInitializing: Bool { limits.provisioned > 0 && members.values.contains(where: Self.isInitializing) }

    mutating func takeInitializing() -> EnvironmentID? {
        guard limits.provisioned > 0 || stage != .open else { return nil }
        return members.filter { Self.isInitializing($0.value) }.keys.min()
    }

    private static func isInitializing(_ member: Member) -> Bool {
        if case .initializing = member.state { true } else { false }
    }

    private var provisionedCount: Int {
        members.values.count { member in
            if case .ending = member.state { false } else { member.isProvisioned }
        }
    }
}
