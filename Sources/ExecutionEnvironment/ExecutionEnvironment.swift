import HTTPServer
package import LambdaModel
package import NIOCore
package import NIOPosix
import Sandbox

/// One execution environment: its Runtime API, its processes, its log. It runs one invocation at a time.
///
/// Belongs to its event loop. It translates between the world and ``EnvironmentLifecycle``, where the rules are.
package final class ExecutionEnvironment {
    let configuration: EnvironmentConfiguration
    let eventLoop: any EventLoop
    let threadPool: NIOThreadPool
    let log: FunctionLog
    let clock: EnvironmentClock
    let formatter: PlatformLogFormatter
    /// `nil` where the whole output of the function goes into the log.
    var applicationFilter: ApplicationLogFilter?
    let telemetry: TelemetryHub
    let network: EnvironmentNetwork
    /// This environment's own name in telemetry.
    let instanceID: String

    var lifecycle: EnvironmentLifecycle
    /// The Runtime API on this machine's network.
    var server: HTTPServer?
    /// The Runtime API in the network of the present processes.
    var privateServer: HTTPServer?
    /// The room of the processes, which outlives them.
    var namespaces: RoomNamespaces?
    var monitor: ProcessMonitor?
    /// A launch is under way on another thread; `true` asks it to be undone.
    var launching: LaunchState = .none
    var sawExit = false
    /// News of the processes that wait for the runtime's last words.
    var delayedNews = 0
    /// The bootstrap's path in messages.
    var shownPath = "/var/task/bootstrap"
    /// A child of the function that was killed for its memory during the present invocation, or before it.
    var outOfMemory: OutOfMemory?
    /// Of the last launch.
    var room: RoomSpecification?
    var meaning: LaunchPlan.ProcessMeaning?
    /// Whether the runtime has asked for an event since the last launch.
    var runtimeHasCalled = false
    var plannedExtensions: [LaunchPlan.PlannedExtension] = []
    var current: Invocation?
    /// The invocation whose log somebody wants to see, to its last line.
    var observed: Invocation?
    /// Of the present invocation, or the last.
    var traceID: String?
    var waitingRuntime: HTTPExchange?
    /// The requests of extensions that wait for an event, by identifier.
    var waitingExtensions: [String: HTTPExchange] = [:]
    /// The request by which the runtime streams its response.
    weak var streamSource: HTTPExchange?
    var initErrorBody = ByteBuffer()
    /// The body of the response or error that is being handed to its caller.
    var arrived = ByteBuffer()
    var streamHasBegun = false
    /// Actions that still have to be done, first come first done.
    private var pending: [EnvironmentLifecycle.Action] = []
    private var isPerforming = false
    /// Who has written last into the log.
    var lastSource = ProcessMonitor.Source.runtime
    /// Since the last launch.
    var hasBegunInvocation = false
    /// How long the last init phase took that has succeeded.
    package var initDuration: TimeAmount?
    private let timer: DeadlineTimer
    private let freezeTimer: DeadlineTimer
    var memory: MemorySampler
    var crashCapture: CrashCapture
    /// The crashes of the current invocation, if there are any.
    var crashes: CrashLog?
    /// Crash logs that wait for an explanation, and what waits for them.
    var crashLogsWaiting = 0
    var afterExplanations: [() -> Void] = []
    /// Of those who wait for the end.
    private var endPromise: EventLoopPromise<Void>?

    enum LaunchState { case none, running, undone }

    /// Called whenever another invocation may be handed in.
    package var onIdle: (() -> Void)?
    /// Called when the caller of the current invocation has its answer and nothing is known to keep the environment from
    /// going on; ``onIdle`` follows when the runtime and its extensions have.
    package var onAnswered: (() -> Void)?
    /// Called when an init phase that no invocation waits for has succeeded.
    package var onInitialized: (() -> Void)?
    /// Called when the processes could not be started, or ended by a signal or with a status: facts for a diagnosis.
    package var onLaunchFailure: ((LaunchFailure) -> Void)?

    package init(
        configuration: EnvironmentConfiguration,
        eventLoop: any EventLoop,
        threadPool: NIOThreadPool,
        log: FunctionLog,
        clock: EnvironmentClock = .system,
        memoryReadings: MemoryReadings = MemoryReadings()
    ) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.threadPool = threadPool
        self.log = log
        self.clock = clock
        memory = MemorySampler(memoryReadings)
        let function = configuration.function
        formatter = PlatformLogFormatter(
            function: function,
            initializationType: configuration.initializationType
        )
        applicationFilter = ApplicationLogFilter(function.logging)
        let network = EnvironmentNetwork(isPrivate: configuration.privateRuntimeAPIPort != nil, threadPool: threadPool)
        self.network = network
        telemetry = TelemetryHub(
            eventLoop: eventLoop,
            logFormat: function.logging.format,
            clock: clock,
            makeDestination: { $0.connect(by: network.connector(on: $1), on: $1) }
        )
        instanceID = EnvironmentName.instance(of: function, epochMilliseconds: clock.epochMilliseconds())
        lifecycle = EnvironmentLifecycle(
            function: function,
            initializationType: configuration.initializationType,
            freezeDelay: configuration.freezeDelay
        )
        crashCapture = CrashCapture(policy: configuration.capturesCrashes)
        timer = DeadlineTimer(on: eventLoop, now: clock.now)
        freezeTimer = DeadlineTimer(on: eventLoop, now: clock.now)
        timer.onFire = { [weak self] in self?.timeIsUp(at: $0) }
        freezeTimer.onFire = { [weak self] in self?.restIsOver(at: $0) }
    }

    /// Opens the Runtime API and its companions; no process starts yet.
    package func open() -> EventLoopFuture<Void> {
        guard configuration.privateRuntimeAPIPort == nil else { return eventLoop.makeSucceededVoidFuture() }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return HTTPServer.bind(
            host: configuration.runtimeAPIHost,
            port: configuration.runtimeAPIPort,
            eventLoop: eventLoop,
            access: .local(alsoAllowed: [configuration.runtimeAPIName ?? configuration.runtimeAPIHost]),
            limits: Self.serverLimits,
            service: NIOLoopBound(EnvironmentAPI(environment: self), eventLoop: eventLoop)
        ).map { bound.value.server = $0 }
    }

    /// A runtime may think as long as the function's time-out lets it.
    static let serverLimits = HTTPServerLimits(connections: 1024, requestIdleTime: nil, keepAliveTime: nil)

    /// Whether ``invoke(_:)`` may be called.
    package var isIdle: Bool { current == nil && lifecycle.isIdle }

    package var isProvisioned: Bool { configuration.initializationType == .provisionedConcurrency }

    /// Whether no process of it runs, nor is being started.
    package var isStopped: Bool { lifecycle.isStopped }

    /// Begins the init phase ahead of the next invocation, where the environment has no processes.
    package func start() {
        perform(lifecycle.start(at: clock.now()))
    }

    /// Runs an invocation. Legal while ``isIdle``; otherwise the invocation is abandoned.
    package func invoke(_ invocation: Invocation) {
        guard isIdle else {
            invocation.abandon()
            return
        }
        current = invocation
        observed = invocation.onLog == nil ? nil : invocation
        traceID = invocation.request.traceID
        perform(lifecycle.invoke(invocation.request.requestID, at: clock.now()))
    }

    /// Ends everything of the environment; the future succeeds when no process, port or descriptor is left.
    package func shutdown() -> EventLoopFuture<Void> {
        let promise = endPromise ?? eventLoop.makePromise()
        endPromise = promise
        perform(lifecycle.shutdown(at: clock.now()))
        return promise.futureResult
    }

    // MARK: Actions

    /// Does the actions: those at the front at once, so that a caller has its answer before the runtime its 202; from the
    /// first that drains the output on, in a task of their own. Draining while the event loop passes on what it found to
    /// be readable would leave the output's channel with a promised read of nothing, which a debug build of NIO takes for
    /// a bug.
    func perform(_ actions: [EnvironmentLifecycle.Action]) {
        guard pending.isEmpty, !isPerforming else {
            pending += actions
            return
        }
        let immediate = actions.prefix { !drainsOutput($0) }
        isPerforming = true
        immediate.forEach(perform)
        isPerforming = false
        pending.insert(contentsOf: actions[immediate.endIndex...], at: 0)
        guard !pending.isEmpty else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { bound.value.performPending() }
    }

    /// Does them, and all before them, at once. For events that come in a task already.
    func performNow(_ actions: [EnvironmentLifecycle.Action]) {
        pending += actions
        performPending()
    }

    private func performPending() {
        guard !isPerforming else { return }
        isPerforming = true
        defer { isPerforming = false }
        while !pending.isEmpty {
            let actions = pending
            pending = []
            actions.forEach(perform)
        }
    }

    private func perform(_ action: EnvironmentLifecycle.Action) {
        switch action {
        case .launch: launch()
        case .startExtensions: monitor?.send(.startExtensions)
        case .startRuntime: monitor?.send(.startMain)
        case .terminateRuntime: monitor?.send(.terminate)
        case .killRuntime: monitor?.send(.killMain)
        case .killExtension(let process): monitor?.send(.killExtension(process))
        case .kill: kill()
        case .freeze: freeze()
        case .thaw: thaw()
        case .setTimer(let deadline): timer.set(deadline)
        case .clearTimer: timer.clear()
        case .setFreezeTimer(let deadline): freezeTimer.set(deadline)
        case .deliver(let deadline): deliver(deadline: deadline)
        case .deliverToExtension(let identifier, let delivery): deliver(delivery, to: identifier)
        case .flushTelemetry: flushTelemetry()
        case .cutResponse: streamSource?.abort()
        case .answer(let outcome): answer(outcome)
        case .log(let record): write(record)
        case .finish(let report): finish(report)
        case .initialized: onInitialized?()
        case .becameIdle: onIdle?()
        case .ended: ended()
        }
    }

    private func deliver(deadline: NIODeadline) {
        guard let current, let exchange = waitingRuntime else { return }
        waitingRuntime = nil
        RuntimeAPI.deliver(current, deadlineMilliseconds: epochMilliseconds(of: deadline), to: exchange)
    }

    private func answer(_ outcome: EnvironmentLifecycle.Outcome) {
        let body = arrived
        arrived = ByteBuffer()
        guard let current else { return }
        if outcome.leavesEnvironmentWell { onAnswered?() }
        switch outcome {
        case .response: current.answer(.success(body))
        case .streamed: current.answer(.streamed)
        case .functionError(let type): current.answer(.functionError(type: type, body: body))
        case .initError(let type): current.answer(.initError(type: type, body: initErrorBody))
        case .failed(let failure, let error):
            current.answer(streamHasBegun ? .streamFailed(error) : .failed(failure, error))
        case .abandoned: current.answer(.abandoned)
        }
        streamHasBegun = false
    }

    private func finish(_ report: InvocationReport?) {
        guard let finished = current else { return }
        current = nil
        let crashes = takeCrashes()
        guard var report else {
            if let crashes { logExplanations(of: crashes) { _ in } }
            return finished.finish(nil)
        }
        // Peak memory comes with the exit of the process where it has ended, else from the living ones.
        if report.maxMemoryUsedBytes == nil {
            report.maxMemoryUsedBytes = memory.peakBytes(at: clock.now()) { monitor?.peakMemoryBytes() }
        }
        report.outOfMemory = report.exit?.outOfMemory ?? outOfMemory
        outOfMemory = nil
        limitMemory(of: &report)
        write(.report(report))
        observed = nil
        guard let crashes else { return finished.finish(report) }
        // The caller has its answer; only the end of the invocation waits.
        report.crashFacts = crashes.facts
        logExplanations(of: crashes) { explanations in
            report.crashes = explanations
            finished.finish(report)
        }
    }

    /// In a room nobody can use more than there is; a sum over processes counts what they share more than once.
    private func limitMemory(of report: inout InvocationReport) {
        guard room != nil || meaning != nil else { return }
        let size = report.memorySize << 20
        if report.maxMemoryUsedBytes == 0 { report.maxMemoryUsedBytes = nil }
        if report.exit?.outOfMemory != nil { report.maxMemoryUsedBytes = size }
        report.maxMemoryUsedBytes = report.maxMemoryUsedBytes.map { min($0, size) }
    }

    private func ended() {
        timer.cancel()
        freezeTimer.cancel()
        waitingRuntime = nil
        telemetry.close()
        let server = server
        self.server = nil
        namespaces = nil
        whenAllIsExplained { [endPromise] in
            if let server { server.close().cascade(to: endPromise) } else { endPromise?.succeed(()) }
        }
    }

    // MARK: Timers

    private func timeIsUp(at now: NIODeadline) {
        performNow(lifecycle.deadlinePassed(at: now))
    }

    private func restIsOver(at now: NIODeadline) {
        performNow(lifecycle.freezeIsDue(at: now))
    }

    // MARK: Freezing

    /// Nobody would answer a delivery meanwhile.
    private func freeze() {
        telemetry.pause()
        monitor?.send(.stop)
    }

    private func thaw() {
        monitor?.send(.continue)
        telemetry.resume()
    }
}
