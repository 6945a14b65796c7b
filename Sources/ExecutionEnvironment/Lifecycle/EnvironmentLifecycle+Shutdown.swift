import LambdaModel
import NIOCore

/// The shutdown: SIGTERM to the runtime, then a SHUTDOWN event to the extensions, SIGKILL at the end. Without extensions
/// nobody is asked.
///
/// Source: AWS Lambda developer guide, "Shutdown phase".
extension EnvironmentLifecycle {
    struct Shutdown {
        let reason: ShutdownReason
        let deadline: NIODeadline
        var stage = Stage.runtime
        var next: Aftermath
    }

    enum Stage {
        /// The runtime has been asked to end. → `telemetry`.
        case runtime
        /// What there is for subscribers is being delivered, so that they have it before they are told to end. →
        /// `extensions`.
        case telemetry
        /// The extensions have been told, and end by themselves.
        case extensions
    }

    /// All of a shutdown, in ms, with external extensions, and with internal ones alone.
    static let externalShutdownLimit = TimeAmount.milliseconds(2000)
    static let internalShutdownLimit = TimeAmount.milliseconds(500)
    /// The runtime's share of it, in ms, with external extensions, and where there are internal ones.
    static let runtimeShareBesideExternal = TimeAmount.milliseconds(300)
    static let runtimeShareWithInternal = TimeAmount.milliseconds(500)

    /// Ends the processes. The present timer is of no more use.
    mutating func beginShutdown(
        _ reason: ShutdownReason,
        then next: Aftermath,
        at now: NIODeadline
    ) -> [Action] {
        extensions.closeRegistration()
        let wasFrozen = if case .ready(isFrozen: true) = state { true } else { false }
        guard extensions.hasLivingProcess || extensions.hasRegistered && runtimeIsRunning else {
            state = .killing(next)
            return [.kill]
        }
        let limit = extensions.hasExternal ? Self.externalShutdownLimit : Self.internalShutdownLimit
        let shutdown = Shutdown(reason: reason, deadline: now + limit, next: next)
        state = .shuttingDown(shutdown)
        let thaw: [Action] = wasFrozen ? [.thaw] : []
        guard runtimeIsRunning else { return thaw + endOfRuntime(in: shutdown, at: now) }
        let share = extensions.hasInternal ? Self.runtimeShareWithInternal : Self.runtimeShareBesideExternal
        return thaw + [.terminateRuntime, .setTimer(now + share)]
    }

    /// The runtime has ended by itself.
    mutating func runtimeEnded(in shutdown: Shutdown, at now: NIODeadline) -> [Action] {
        shutdown.stage == .runtime ? endOfRuntime(in: shutdown, at: now) : []
    }

    private mutating func endOfRuntime(in shutdown: Shutdown, at now: NIODeadline) -> [Action] {
        let runtime: [Action] = runtimeIsRunning ? [.killRuntime] : []
        guard extensions.hasLivingProcess else { return runtime + kill(then: shutdown.next) }
        var shutdown = shutdown
        shutdown.stage = .telemetry
        state = .shuttingDown(shutdown)
        return runtime + [.setTimer(shutdown.deadline), .flushTelemetry]
    }

    /// Subscribers have what there was for them, or will not have it in time.
    mutating func telemetryFlushed(at now: NIODeadline) -> [Action] {
        guard case .shuttingDown(var shutdown) = state, shutdown.stage == .telemetry else { return [] }
        shutdown.stage = .extensions
        state = .shuttingDown(shutdown)
        let (waiting, kill) = extensions.announceShutdown(shutdown.reason, deadline: shutdown.deadline)
        let delivery = ExtensionDelivery.shutdown(shutdown.reason, deadline: shutdown.deadline)
        return waiting.map { .deliverToExtension(identifier: $0, delivery) } + kill.map { .killExtension($0) }
    }

    /// An extension has ended.
    mutating func extensionEnded(in shutdown: Shutdown, at now: NIODeadline) -> [Action] {
        guard !extensions.hasLivingProcess, shutdown.stage != .runtime else { return [] }
        return kill(then: shutdown.next)
    }

    /// A time of the shutdown is up.
    mutating func limitPassed(in shutdown: Shutdown, at now: NIODeadline) -> [Action] {
        shutdown.stage == .runtime ? endOfRuntime(in: shutdown, at: now) : kill(then: shutdown.next)
    }

    private mutating func kill(then next: Aftermath) -> [Action] {
        state = .killing(next)
        return [.clearTimer, .kill]
    }
}
