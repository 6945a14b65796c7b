import LambdaModel
import NIOCore

/// The life of one execution environment as a pure value: events in, actions out.
///
/// Rules: 02 §1, §2, §5 and §6 of the design; AWS Lambda developer guide, "Understanding the Lambda execution environment
/// lifecycle". Times are monotonic; nothing here waits, reads a clock or touches a process. The phases are in the
/// extensions beside this file; here are the questions and the events that concern all of them.
struct EnvironmentLifecycle {
    /// Set by the phases alone.
    enum State {
        /// No process. → `initializing`, `ended`. After a failed init the next one runs inside its invoke.
        case stopped(initFailed: Bool)
        /// Extensions start and register, then the runtime starts, then each asks for its first event. → `ready`,
        /// `invoking`, `shuttingDown`, `killing`, `ended`.
        case initializing(Initialization)
        /// Everyone waits for an event, or is about to ask. → `invoking`, `shuttingDown`, `killing`, `ended`.
        case ready(isFrozen: Bool)
        /// One event is with the runtime and the extensions. → `ready`, `shuttingDown`, `killing`, `ended`.
        case invoking(Running)
        /// The runtime is asked to end, then the extensions are. → `killing`.
        case shuttingDown(Shutdown)
        /// Every process is being killed. → `stopped`, `initializing`, `ended`.
        case killing(Aftermath)
        /// Shut down. Final.
        case ended
    }

    /// What follows when every process is gone.
    struct Aftermath {
        var initFailed = false
        /// An invocation that waits for a new init.
        var invocation: String?
        /// The environment ends for good.
        var isLast = false
    }

    let timeout: Int
    let memorySize: Int
    let initSeconds: Int
    /// How long an environment rests before it is frozen; `nil`: it never is.
    let freezeDelay: TimeAmount?

    var state = State.stopped(initFailed: false)
    var extensions = ExtensionRegistry()
    var runtimeIsWaiting = false
    /// The runtime's process has been started and has not ended, as far as is known.
    var runtimeIsRunning = false

    init(
        function: FunctionConfiguration,
        initializationType: FunctionEnvironment.InitializationType = .onDemand,
        freezeDelay: TimeAmount? = nil
    ) {
        timeout = function.timeout
        memorySize = function.memorySize
        self.freezeDelay = freezeDelay
        initSeconds =
            switch initializationType {
            case .onDemand: Quotas.initSeconds
            case .provisionedConcurrency: max(Quotas.provisionedInitSeconds, function.timeout)
            }
    }

    /// Whether an invocation may be handed in.
    var isIdle: Bool {
        switch state {
        case .stopped, .ready: true
        case .initializing(let initialization): initialization.invocation == nil
        case .shuttingDown(let shutdown): shutdown.next.invocation == nil && !shutdown.next.isLast
        case .killing(let next): next.invocation == nil && !next.isLast
        case .invoking, .ended: false
        }
    }

    /// Whether nothing of the environment runs, nor is being started.
    var isStopped: Bool {
        if case .stopped = state { true } else { false }
    }

    /// Whether a call of the runtime or of an extension may still change how this ends.
    var awaitsCalls: Bool {
        switch state {
        case .initializing, .invoking: true
        case .stopped, .ready, .shuttingDown, .killing, .ended: false
        }
    }

    /// Whether extensions may still subscribe to telemetry.
    var isInitializing: Bool {
        if case .initializing = state { true } else { false }
    }

    /// What a crash that is seen now belongs to.
    var crashPhase: CrashFacts.Phase? {
        switch state {
        case .initializing: .initialization
        case .invoking: .invocation
        case .shuttingDown, .ended: .shutdown
        // Whatever dies while everything is being killed says nothing of the function.
        case .stopped, .ready, .killing: nil
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
        case .ready(let isFrozen):
            return (isFrozen ? [.thaw] : []) + begin(requestID, at: now, initDuration: nil)
        case .shuttingDown(var shutdown) where !shutdown.next.isLast:
            shutdown.next.invocation = requestID
            state = .shuttingDown(shutdown)
            return []
        case .killing(var next) where !next.isLast:
            next.invocation = requestID
            state = .killing(next)
            return []
        case .invoking, .shuttingDown, .killing, .ended:
            return Self.abandonment
        }
    }

    /// Ends the environment for good.
    mutating func shutdown(at now: NIODeadline) -> [Action] {
        switch state {
        case .ended: return []
        case .stopped:
            state = .ended
            return [.ended]
        case .shuttingDown(var shutdown):
            defer { state = .shuttingDown(shutdown) }
            return Self.makeLast(&shutdown.next)
        case .killing(var next):
            defer { state = .killing(next) }
            return Self.makeLast(&next)
        case .initializing(let initialization):
            return [.clearTimer] + (initialization.invocation == nil ? [] : Self.abandonment) + spinDown(at: now)
        case .invoking(let running):
            let answer: [Action] = running.answer == .given ? [] : [.answer(.abandoned)]
            let over = runtimeDone(running, .error(type: "Sandbox.Shutdown"), at: now)
            return [.clearTimer] + answer + over
                + close(running, at: now, status: .error(type: "Sandbox.Shutdown"), exit: nil) + spinDown(at: now)
        case .ready:
            return [.clearTimer] + spinDown(at: now)
        }
    }

    private mutating func spinDown(at now: NIODeadline) -> [Action] {
        beginShutdown(.spindown, then: Aftermath(isLast: true), at: now)
    }

    private static func makeLast(_ next: inout Aftermath) -> [Action] {
        let abandoned = next.invocation == nil ? [] : abandonment
        next.invocation = nil
        next.isLast = true
        return abandoned
    }

    /// For an invocation that never began.
    private static var abandonment: [Action] { [.answer(.abandoned), .finish(nil)] }

    // MARK: From the processes

    /// The runtime has ended.
    mutating func processExited(_ exit: ProcessExit, at now: NIODeadline) -> [Action] {
        runtimeIsWaiting = false
        runtimeIsRunning = false
        switch state {
        case .initializing(let initialization): return initFailed(initialization, .exited(exit), at: now)
        case .invoking(let running): return broken(running, .exited(exit), at: now)
        case .ready: return [.clearTimer] + beginShutdown(.failure, then: Aftermath(), at: now)
        case .shuttingDown(let shutdown): return runtimeEnded(in: shutdown, at: now)
        case .stopped, .killing, .ended: return []
        }
    }

    /// The process of an extension has ended.
    mutating func extensionExited(_ process: Int, _ exit: ProcessExit, at now: NIODeadline) -> [Action] {
        guard let (before, entry) = extensions.exited(process) else { return [] }
        return extensionFailed(.extensionExited(before.state, exit), entry, at: now)
    }

    /// The file of an extension could not be executed.
    mutating func extensionLaunchFailed(
        _ process: Int,
        _ failure: LaunchFailure,
        at now: NIODeadline
    ) -> [Action] {
        guard let entry = extensions.launchFailed(process, errorType: failure.extensionErrorType) else { return [] }
        return extensionFailed(.extensionLaunch(failure), entry, at: now)
    }

    /// Nothing of the environment runs any more.
    mutating func processesEnded(at now: NIODeadline) -> [Action] {
        runtimeIsWaiting = false
        runtimeIsRunning = false
        extensions.allHaveEnded()
        let next: Aftermath
        switch state {
        case .killing(let aftermath): next = aftermath
        // Every one has ended by itself, or somebody else has killed them.
        case .shuttingDown(let shutdown): next = shutdown.next
        case .stopped, .initializing, .ready, .invoking, .ended: return []
        }
        if next.isLast {
            state = .ended
            return [.ended]
        }
        state = .stopped(initFailed: next.initFailed)
        if let requestID = next.invocation {
            return initialize(phase: next.initFailed ? .invoke : .`init`, for: requestID, at: now)
        }
        return [.becameIdle]
    }

    // MARK: From the clock

    /// The time that ``Action/setTimer(_:)`` asked for has come.
    mutating func deadlinePassed(at now: NIODeadline) -> [Action] {
        switch state {
        case .initializing(let initialization): return initTimedOut(initialization, at: now)
        case .invoking(let running): return invokeTimedOut(running, at: now)
        case .shuttingDown(let shutdown): return limitPassed(in: shutdown, at: now)
        case .stopped, .ready, .killing, .ended: return []
        }
    }

    /// The environment has rested for a while.
    mutating func freezeIsDue(at now: NIODeadline) -> [Action] {
        guard case .ready(isFrozen: false) = state else { return [] }
        state = .ready(isFrozen: true)
        return [.freeze]
    }
}

extension LaunchFailure {
    /// The error type in the `EXTENSION` log line of an extension that could not be started.
    fileprivate var extensionErrorType: String {
        switch self {
        // EACCES, on every system.
        case .exec(code: 13, _): "PermissionDenied"
        case .exec, .noEntrypoint, .host, .engine: "UnknownError"
        }
    }
}
