import LambdaModel
import NIOCore

/// The life of one execution environment as a pure value: events in, actions out.
///
/// Rules: 02 §1, §2 and §5 of the design; AWS Lambda developer guide, "Understanding the Lambda execution environment
/// lifecycle". Times are monotonic; nothing here waits, reads a clock or touches a process.
struct EnvironmentLifecycle {
    private enum State {
        /// No process. → `initializing`, `ended`. After a failed init the next one runs inside its invoke.
        case stopped(initFailed: Bool)
        /// The process starts, until it first asks for an event. → `ready`, `invoking`, `resetting`, `ended`.
        case initializing(Initialization)
        /// The runtime waits for an event, or is about to ask. → `invoking`, `resetting`, `ended`.
        case ready
        /// One event is with the runtime. → `ready`, `resetting`, `ended`.
        case invoking(Running)
        /// Every process is being killed. → `stopped`, `initializing`, `ended`.
        case resetting(Reset)
        /// Shut down. Final.
        case ended
    }

    /// What a crash that is seen now belongs to.
    var crashPhase: CrashFacts.Phase? {
        switch state {
        case .initializing: .initialization
        case .invoking: .invocation
        case .ended: .shutdown
        // Whatever dies while everything is being killed says nothing of the function.
        case .stopped, .ready, .resetting: nil
        }
    }

    private struct Initialization {
        let phase: LogRecord.InitPhase
        let began: NIODeadline
        /// The invocation that waits for this init.
        var invocation: String?
    }

    private struct Running {
        let requestID: String
        let began: NIODeadline
        /// To be billed to this invocation.
        let initDuration: TimeAmount?
        var answer = Answer.none
        var failure: String?
    }

    private enum Answer {
        case none
        /// A response's body is arriving.
        case arriving
        case given
    }

    private struct Reset {
        var initFailed: Bool
        var invocation: String?
        var isLast = false
    }

    private let timeout: Int
    private let memorySize: Int
    private var state = State.stopped(initFailed: false)
    private var runtimeIsWaiting = false

    init(function: FunctionConfiguration) {
        timeout = function.timeout
        memorySize = function.memorySize
    }

    /// Whether an invocation may be handed in.
    var isIdle: Bool {
        switch state {
        case .stopped, .ready: true
        case .initializing(let initialization): initialization.invocation == nil
        case .resetting(let reset): reset.invocation == nil && !reset.isLast
        case .invoking, .ended: false
        }
    }

    /// Whether a call of the runtime may still change how this ends.
    var awaitsRuntime: Bool {
        switch state {
        case .initializing, .invoking: true
        case .stopped, .ready, .resetting, .ended: false
        }
    }

    // MARK: From the pool

    /// Begins the init phase ahead of any invocation.
    mutating func start(at now: NIODeadline) -> [Action] {
        guard case .stopped = state else { return [] }
        return initialize(phase: .`init`, for: nil, at: now)
    }

    /// An invocation. Legal while ``isIdle``.
    mutating func invoke(_ requestID: String, at now: NIODeadline) -> [Action] {
        switch state {
        case .stopped(let initFailed):
            return initialize(phase: initFailed ? .invoke : .`init`, for: requestID, at: now)
        case .initializing(var initialization):
            initialization.invocation = requestID
            state = .initializing(initialization)
            return []
        case .ready:
            return begin(requestID, at: now, initDuration: nil)
        case .resetting(var reset) where !reset.isLast:
            reset.invocation = requestID
            state = .resetting(reset)
            return []
        case .invoking, .resetting, .ended:
            return [.answer(.abandoned), .finish(nil)]
        }
    }

    /// Ends the environment for good.
    mutating func shutdown(at now: NIODeadline) -> [Action] {
        let invocation: [Action]
        switch state {
        case .ended: return []
        case .stopped:
            state = .ended
            return [.ended]
        case .resetting(var reset):
            let abandoned: [Action] = reset.invocation == nil ? [] : [.answer(.abandoned), .finish(nil)]
            reset.invocation = nil
            reset.isLast = true
            state = .resetting(reset)
            return abandoned
        case .initializing(let initialization):
            invocation = initialization.invocation == nil ? [] : [.answer(.abandoned), .finish(nil)]
        case .invoking(let running):
            let answer: [Action] = running.answer == .given ? [] : [.answer(.abandoned)]
            invocation = answer + close(running, at: now, status: .error(type: "Sandbox.Shutdown"), exit: nil)
        case .ready: invocation = []
        }
        state = .resetting(Reset(initFailed: false, isLast: true))
        return [.clearTimer] + invocation + [.kill]
    }

    // MARK: From the runtime

    /// The runtime asks for its next event and now waits for it.
    mutating func runtimeAskedNext(at now: NIODeadline) -> [Action] {
        runtimeIsWaiting = true
        switch state {
        case .initializing(let initialization):
            return initialized(initialization, at: now)
        case .invoking(let running):
            switch running.answer {
            // Asked again while the event is running: the same event again.
            case .none: return deliver(running)
            // The response is still arriving on another connection: the event is not over.
            case .arriving: return []
            case .given: return invocationOver(running, at: now)
            }
        case .ready, .stopped, .resetting, .ended:
            return []
        }
    }

    /// The runtime's connection ended while it waited.
    mutating func runtimeHungUp() {
        runtimeIsWaiting = false
    }

    /// A response or an error for `requestID` begins to arrive; `nil` accepts it.
    mutating func responseBegan(for requestID: String) -> APIRefusal? {
        guard case .invoking(var running) = state, running.requestID == requestID else { return .invalidRequestID }
        guard running.answer == .none else {
            return .invalidTransition("a second response", in: "past its response")
        }
        running.answer = .arriving
        state = .invoking(running)
        return nil
    }

    /// The response that began has ended, in one way or another.
    mutating func responseEnded(_ outcome: Outcome, for requestID: String, at now: NIODeadline) -> [Action] {
        guard case .invoking(var running) = state, running.requestID == requestID, running.answer == .arriving else {
            return []
        }
        running.answer = .given
        if case .failed(_, let error) = outcome { running.failure = error.errorType }
        state = .invoking(running)
        let over = runtimeIsWaiting ? invocationOver(running, at: now) : []
        return [.answer(outcome)] + over
    }

    /// The runtime posts an init error; throws when init is over.
    mutating func initErrorPosted(type: String, at now: NIODeadline) throws(APIRefusal) -> [Action] {
        guard case .initializing(let initialization) = state else {
            throw .invalidTransition("an init error", in: "past its init phase")
        }
        return initFailed(initialization, .initError(type: type), at: now)
    }

    // MARK: From the processes

    mutating func launchFailed(_ failure: LaunchFailure, at now: NIODeadline) -> [Action] {
        guard case .initializing(let initialization) = state else { return [] }
        return initFailed(initialization, .launch(failure), at: now)
    }

    mutating func processExited(_ exit: ProcessExit, at now: NIODeadline) -> [Action] {
        runtimeIsWaiting = false
        switch state {
        case .initializing(let initialization):
            return initFailed(initialization, .exited(exit), at: now)
        case .invoking(let running):
            return broken(running, .exited(exit), at: now)
        case .ready:
            state = .resetting(Reset(initFailed: false))
            return [.clearTimer, .kill]
        case .stopped, .resetting, .ended:
            return []
        }
    }

    /// Nothing of the environment runs any more.
    mutating func processesEnded(at now: NIODeadline) -> [Action] {
        runtimeIsWaiting = false
        guard case .resetting(let reset) = state else { return [] }
        if reset.isLast {
            state = .ended
            return [.ended]
        }
        state = .stopped(initFailed: reset.initFailed)
        if let requestID = reset.invocation {
            return initialize(phase: reset.initFailed ? .invoke : .`init`, for: requestID, at: now)
        }
        return [.becameIdle]
    }

    // MARK: From the clock

    /// The time that ``Action/setTimer(_:)`` asked for has come.
    mutating func deadlinePassed(at now: NIODeadline) -> [Action] {
        switch state {
        case .initializing(let initialization):
            switch initialization.phase {
            case .`init`: return initTimedOut(initialization, at: now)
            case .invoke: return suppressedInitTimedOut(initialization, at: now)
            }
        case .invoking(let running):
            let answer: [Action] = running.answer == .given ? [] : [.answer(timeoutOutcome(running.requestID))]
            let log: [Action] = [.log(.timedOut(requestID: running.requestID))]
            let over = close(running, at: now, status: .timeout, exit: nil)
            state = .resetting(Reset(initFailed: false))
            return answer + log + over + [.kill]
        case .stopped, .ready, .resetting, .ended:
            return []
        }
    }
}

// MARK: - The init phase

extension EnvironmentLifecycle {
    private mutating func initialize(
        phase: LogRecord.InitPhase,
        for requestID: String?,
        at now: NIODeadline
    ) -> [Action] {
        state = .initializing(Initialization(phase: phase, began: now, invocation: requestID))
        let limit = phase == .`init` ? Quotas.initSeconds : timeout
        let log: [Action] = phase == .`init` ? [.log(.initStart)] : []
        return log + [.setTimer(now + .seconds(Int64(limit))), .launch]
    }

    private mutating func initialized(_ initialization: Initialization, at now: NIODeadline) -> [Action] {
        guard let requestID = initialization.invocation else {
            state = .ready
            return [.clearTimer]
        }
        switch initialization.phase {
        case .`init`: return begin(requestID, at: now, initDuration: now - initialization.began)
        // An init inside the invoke is part of the invocation's own duration and time-out.
        case .invoke: return begin(requestID, at: initialization.began, initDuration: nil)
        }
    }

    private mutating func initFailed(
        _ initialization: Initialization,
        _ breakdown: EnvironmentBreakdown,
        at now: NIODeadline
    ) -> [Action] {
        let report = Action.log(
            .initReport(
                duration: now - initialization.began,
                phase: initialization.phase,
                failure: .error(type: breakdown.errorType)
            )
        )
        switch initialization.phase {
        case .`init`:
            state = .resetting(Reset(initFailed: true, invocation: initialization.invocation))
            return [.clearTimer, report, .kill]
        case .invoke:
            guard let requestID = initialization.invocation else {
                state = .resetting(Reset(initFailed: true))
                return [.clearTimer, report, .kill]
            }
            let running = Running(requestID: requestID, began: initialization.began, initDuration: nil)
            return [report, .log(.start(requestID: requestID))] + broken(running, breakdown, at: now)
        }
    }

    private mutating func initTimedOut(_ initialization: Initialization, at now: NIODeadline) -> [Action] {
        state = .resetting(Reset(initFailed: true, invocation: initialization.invocation))
        let duration = now - initialization.began
        return [.log(.initReport(duration: duration, phase: .`init`, failure: .timeout)), .kill]
    }

    private mutating func suppressedInitTimedOut(_ initialization: Initialization, at now: NIODeadline) -> [Action] {
        state = .resetting(Reset(initFailed: true))
        let duration = now - initialization.began
        let report = Action.log(.initReport(duration: duration, phase: .invoke, failure: .timeout))
        guard let requestID = initialization.invocation else { return [report, .kill] }
        let running = Running(requestID: requestID, began: initialization.began, initDuration: nil)
        return [.answer(timeoutOutcome(requestID)), report, .log(.start(requestID: requestID))]
            + [.log(.timedOut(requestID: requestID))]
            + close(running, at: now, status: .timeout, exit: nil) + [.kill]
    }
}

// MARK: - The invoke phase

extension EnvironmentLifecycle {
    private mutating func begin(_ requestID: String, at began: NIODeadline, initDuration: TimeAmount?) -> [Action] {
        let running = Running(requestID: requestID, began: began, initDuration: initDuration)
        state = .invoking(running)
        return [.log(.start(requestID: requestID)), .setTimer(deadline(of: running))] + deliver(running)
    }

    private mutating func deliver(_ running: Running) -> [Action] {
        guard runtimeIsWaiting else { return [] }
        runtimeIsWaiting = false
        return [.deliver(deadline: deadline(of: running))]
    }

    private func deadline(of running: Running) -> NIODeadline {
        running.began + .seconds(Int64(timeout))
    }

    private mutating func invocationOver(_ running: Running, at now: NIODeadline) -> [Action] {
        state = .ready
        let status = running.failure.map { InvocationReport.Status.error(type: $0) } ?? .success
        return [.clearTimer] + close(running, at: now, status: status, exit: nil) + [.becameIdle]
    }

    /// The processes are of no more use: tells the caller and the log, and kills what is left.
    private mutating func broken(_ running: Running, _ breakdown: EnvironmentBreakdown, at now: NIODeadline) -> [Action]
    {
        let answer: [Action] =
            running.answer == .given ? [] : [.answer(outcome(of: breakdown, requestID: running.requestID))]
        let log: [Action] =
            breakdown.message.map {
                [.log(.fault(requestID: running.requestID, type: breakdown.errorType, message: $0))]
            } ?? []
        let over = close(running, at: now, status: .error(type: breakdown.errorType), exit: breakdown.exit)
        state = .resetting(Reset(initFailed: false))
        return [.clearTimer] + answer + log + over + [.kill]
    }

    private func close(
        _ running: Running,
        at now: NIODeadline,
        status: InvocationReport.Status,
        exit: ProcessExit?
    ) -> [Action] {
        let report = InvocationReport(
            requestID: running.requestID,
            duration: now - running.began,
            initDuration: running.initDuration,
            memorySize: memorySize,
            maxMemoryUsedBytes: exit?.peakMemoryBytes,
            status: status,
            exit: exit
        )
        return [.log(.end(requestID: running.requestID)), .finish(report)]
    }

    private func outcome(of breakdown: EnvironmentBreakdown, requestID: String) -> Outcome {
        guard let message = breakdown.message else { return .initError(type: breakdown.errorType) }
        let text = "RequestId: \(requestID) Error: \(message)"
        return .failed(.crash, LambdaError(errorType: breakdown.errorType, errorMessage: text))
    }

    private func timeoutOutcome(_ requestID: String) -> Outcome {
        let text = "RequestId: \(requestID) Error: Task timed out after \(timeout).00 seconds"
        return .failed(.timeout, LambdaError(errorType: "Sandbox.Timedout", errorMessage: text))
    }
}
