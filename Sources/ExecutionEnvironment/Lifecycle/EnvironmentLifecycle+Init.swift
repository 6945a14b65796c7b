import LambdaModel
import NIOCore

/// The init phase: extensions start and register, then the runtime starts, then each asks for its first event.
extension EnvironmentLifecycle {
    struct Initialization {
        let phase: LogRecord.InitPhase
        let began: NIODeadline
        /// The invocation that waits for this init.
        var invocation: String?
        /// It has asked for its first event.
        var runtimeIsReady = false
    }

    mutating func initialize(phase: LogRecord.InitPhase, for requestID: String?, at now: NIODeadline) -> [Action] {
        state = .initializing(Initialization(phase: phase, began: now, invocation: requestID))
        extensions = ExtensionRegistry()
        runtimeIsWaiting = false
        let limit = phase == .`init` ? initSeconds : timeout
        return [.log(.initStart(phase)), .setTimer(now + .seconds(Int64(limit))), .launch]
    }

    /// The processes are prepared; the runtime runs already where there is no extension.
    ///
    /// - Parameter names: of the external extensions, in the order of their processes.
    mutating func launched(extensions names: [String], at now: NIODeadline) -> [Action] {
        guard case .initializing(let initialization) = state else { return [] }
        guard !names.isEmpty else {
            runtimeIsRunning = true
            // The runtime may be faster than the news of it.
            return runtimeIsWaiting ? runtimeInitialized(initialization, at: now) : []
        }
        // Whoever waits for an event already cannot be the runtime.
        runtimeIsWaiting = false
        guard names.count <= ExtensionRegistry.limit else {
            return initFailed(initialization, .tooManyExtensions, at: now)
        }
        extensions = ExtensionRegistry(external: names)
        return [.startExtensions]
    }

    mutating func launchFailed(_ failure: LaunchFailure, at now: NIODeadline) -> [Action] {
        runtimeIsRunning = false
        guard case .initializing(let initialization) = state else { return [] }
        return initFailed(initialization, .launch(failure), at: now)
    }

    /// The runtime has asked for its first event.
    mutating func runtimeInitialized(_ initialization: Initialization, at now: NIODeadline) -> [Action] {
        var initialization = initialization
        guard !initialization.runtimeIsReady else { return [] }
        initialization.runtimeIsReady = true
        state = .initializing(initialization)
        extensions.closeRegistration()
        return [.log(.initRuntimeDone(initialization.phase, .success))] + initializedIfReady(initialization, at: now)
    }

    /// Goes on when the last one has asked for its first event.
    mutating func initializedIfReady(_ initialization: Initialization, at now: NIODeadline) -> [Action] {
        guard initialization.runtimeIsReady, extensions.allAreReady else { return [] }
        let duration = now - initialization.began
        let report = Action.log(.initReport(duration: duration, phase: initialization.phase, status: .success))
        let log = extensionRecords + [report]
        guard let requestID = initialization.invocation else {
            return log + [.clearTimer] + rest(at: now) + [.initialized]
        }
        switch initialization.phase {
        case .`init`: return log + begin(requestID, at: now, initDuration: duration)
        // An init inside the invoke is part of the invocation's own duration and time-out.
        case .invoke: return log + begin(requestID, at: initialization.began, initDuration: nil)
        }
    }

    mutating func initFailed(
        _ initialization: Initialization,
        _ breakdown: EnvironmentBreakdown,
        at now: NIODeadline
    ) -> [Action] {
        let log = endOfInit(initialization, .error(type: breakdown.errorType), at: now)
        let invocation = initialization.invocation
        guard initialization.phase == .invoke, let requestID = invocation else {
            return [.clearTimer] + log
                + beginShutdown(.failure, then: Aftermath(initFailed: true, invocation: invocation), at: now)
        }
        let running = Running(requestID: requestID, began: initialization.began, initDuration: nil)
        return log + [.log(.start(requestID: requestID))] + broken(running, breakdown, at: now)
    }

    mutating func initTimedOut(_ initialization: Initialization, at now: NIODeadline) -> [Action] {
        // Nobody but the extension that has reported an error is to blame.
        if let reported = extensions.reportedError {
            return initFailed(initialization, .extensionReported(reported), at: now)
        }
        let log = endOfInit(initialization, .timeout, at: now)
        guard initialization.phase == .invoke else {
            let next = Aftermath(initFailed: true, invocation: initialization.invocation)
            return log + beginShutdown(.timeout, then: next, at: now)
        }
        let next = Aftermath(initFailed: true)
        guard let requestID = initialization.invocation else {
            return log + beginShutdown(.timeout, then: next, at: now)
        }
        let running = Running(requestID: requestID, began: initialization.began, initDuration: nil)
        return [.answer(timeoutOutcome(requestID))] + log
            + [.log(.start(requestID: requestID)), .log(.timedOut(requestID: requestID))]
            + runtimeDone(running, .timeout, at: now)
            + close(running, at: now, status: .timeout, exit: nil)
            + beginShutdown(.timeout, then: next, at: now)
    }

    private func endOfInit(
        _ initialization: Initialization,
        _ status: LogRecord.Status,
        at now: NIODeadline
    ) -> [Action] {
        let runtime: [Action] =
            initialization.runtimeIsReady ? [] : [.log(.initRuntimeDone(initialization.phase, status))]
        let duration = now - initialization.began
        let report = Action.log(.initReport(duration: duration, phase: initialization.phase, status: status))
        return runtime + extensionRecords + [report]
    }

    private var extensionRecords: [Action] {
        extensions.entries.map { .log(.extensionState(LogRecord.ExtensionRecord($0))) }
    }

    /// The runtime posts an init error; throws when init is over.
    mutating func initErrorPosted(type: String, at now: NIODeadline) throws(APIRefusal) -> [Action] {
        guard case .initializing(let initialization) = state, !initialization.runtimeIsReady,
            extensions.allHaveRegistered
        else {
            throw .invalidTransition("an init error", in: "past its init phase")
        }
        return initFailed(initialization, .initError(type: type), at: now)
    }
}
