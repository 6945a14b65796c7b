import HTTPServer
package import LambdaModel
package import NIOCore
package import NIOPosix
import Sandbox

/// One execution environment: its Runtime API, its processes, its log. It runs one invocation at a time.
///
/// Belongs to its event loop. It translates between the world and ``EnvironmentLifecycle``, where the rules are.
package final class ExecutionEnvironment {
    private let configuration: EnvironmentConfiguration
    private let eventLoop: any EventLoop
    private let threadPool: NIOThreadPool
    private let log: FunctionLog
    private let clock: EnvironmentClock
    private let formatter: PlatformLogFormatter

    private var lifecycle: EnvironmentLifecycle
    private var server: HTTPServer?
    private var monitor: ProcessMonitor?
    /// A launch is under way on another thread; `true` asks it to be undone.
    private var launching: LaunchState = .none
    private var sawExit = false
    /// News of the processes that wait for the runtime's last words.
    private var delayedNews = 0
    /// The bootstrap's path in messages.
    private var shownPath = "/var/task/bootstrap"
    private var current: Invocation?
    private var waitingRuntime: HTTPExchange?
    private var initErrorBody = ByteBuffer()
    /// The body of the response or error that is being handed to its caller.
    private var arrived = ByteBuffer()
    private var streamHasBegun = false
    /// Actions that still have to be done, first come first done.
    private var pending: [EnvironmentLifecycle.Action] = []
    private var isPerforming = false
    private var timer = DeadlineTimer()
    private var memory = MemorySampler()
    /// Of those who wait for the end.
    private var endPromise: EventLoopPromise<Void>?

    private enum LaunchState { case none, running, undone }

    /// Called whenever another invocation may be handed in.
    package var onIdle: (() -> Void)?
    /// Called when the processes could not be started, or ended by a signal or with a status: facts for a diagnosis.
    package var onLaunchFailure: ((LaunchFailure) -> Void)?

    package init(
        configuration: EnvironmentConfiguration,
        eventLoop: any EventLoop,
        threadPool: NIOThreadPool,
        log: FunctionLog,
        clock: EnvironmentClock = .system
    ) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.threadPool = threadPool
        self.log = log
        self.clock = clock
        formatter = PlatformLogFormatter(function: configuration.function)
        lifecycle = EnvironmentLifecycle(function: configuration.function)
    }

    /// Opens the Runtime API; no process starts yet.
    package func open() -> EventLoopFuture<Void> {
        let service = RuntimeAPI(environment: self)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return HTTPServer.bind(
            host: configuration.runtimeAPIHost,
            port: configuration.runtimeAPIPort,
            eventLoop: eventLoop,
            access: .local(alsoAllowed: [configuration.runtimeAPIHost]),
            // A runtime may think as long as the function's time-out lets it.
            limits: HTTPServerLimits(connections: 1024, requestIdleTime: nil, keepAliveTime: nil),
            service: NIOLoopBound(service, eventLoop: eventLoop)
        ).map { bound.value.server = $0 }
    }

    /// Whether ``invoke(_:)`` may be called.
    package var isIdle: Bool { current == nil && lifecycle.isIdle }

    /// Begins the init phase ahead of the first invocation.
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

    /// Does the actions in a task of their own, when the event loop has passed on all that it found to be readable:
    /// draining the output beside its channel would otherwise leave that with a promised read of nothing, which a debug
    /// build of NIO takes for a bug.
    private func perform(_ actions: [EnvironmentLifecycle.Action]) {
        guard !actions.isEmpty else { return }
        let isScheduled = !pending.isEmpty
        pending += actions
        guard !isScheduled, !isPerforming else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { bound.value.performPending() }
    }

    /// Does them, and all before them, at once. For events that come in a task already.
    private func performNow(_ actions: [EnvironmentLifecycle.Action]) {
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
        case .kill: kill()
        case .setTimer(let deadline): setTimer(deadline)
        case .clearTimer: timer.clear()
        case .deliver(let deadline): deliver(deadline: deadline)
        case .answer(let outcome): answer(outcome)
        case .log(let record): write(record)
        case .finish(let report): finish(report)
        case .becameIdle: onIdle?()
        case .ended: ended()
        }
    }

    private func write(_ record: LogRecord) {
        monitor?.drainOutput()
        if let line = formatter.line(of: record, epochMilliseconds: clock.epochMilliseconds) {
            log.append(platform: line)
        }
    }

    private func deliver(deadline: NIODeadline) {
        guard let current, let exchange = waitingRuntime else { return }
        waitingRuntime = nil
        let remaining = (deadline - clock.now()).nanoseconds / 1_000_000
        RuntimeAPI.deliver(current, deadlineMilliseconds: clock.epochMilliseconds() + remaining, to: exchange)
    }

    private func answer(_ outcome: EnvironmentLifecycle.Outcome) {
        let body = arrived
        arrived = ByteBuffer()
        guard let current else { return }
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
        var report = report
        if var measured = report {
            // Peak memory comes with the exit of the process where it has ended, else from the living ones.
            if measured.maxMemoryUsedBytes == nil {
                measured.maxMemoryUsedBytes = memory.peakBytes(at: clock.now()) { monitor?.peakMemoryBytes() }
            }
            report = measured
            write(.report(measured))
        }
        finished.finish(report)
    }

    private func ended() {
        timer.cancel()
        waitingRuntime = nil
        guard let server else {
            endPromise?.succeed(())
            return
        }
        self.server = nil
        server.close().cascade(to: endPromise)
    }

    // MARK: Timer

    private func setTimer(_ deadline: NIODeadline) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timer.set(deadline, on: eventLoop) { bound.value.timerFired() }
    }

    private func timerFired() {
        let now = clock.now()
        guard timer.isDue(at: now) else {
            timer.rearm()
            return
        }
        timer.fired()
        performNow(lifecycle.deadlinePassed(at: now))
    }
}

// MARK: - The processes

extension ExecutionEnvironment {
    private func launch() {
        guard let server, launching == .none, monitor == nil else { return }
        launching = .running
        sawExit = false
        memory = MemorySampler()
        let host = configuration.runtimeAPIHost
        let address = host.contains(":") ? "[\(host)]:\(server.port)" : "\(host):\(server.port)"
        let prepare = configuration.launch
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        // Starting a process takes about a millisecond, which other environments on this loop should not wait for.
        threadPool.runIfActive(eventLoop: eventLoop) { () -> Result<Launched, LaunchFailure> in
            do throws(LaunchFailure) {
                let plan = try prepare(address)
                return .success((try EnvironmentProcesses.launch(plan.specification), plan.shownPath))
            } catch {
                return .failure(error)
            }
        }.whenComplete { result in
            let stopped = LaunchFailure.host(code: 0, operation: "the thread pool has stopped")
            bound.value.launched((try? result.get()) ?? .failure(stopped))
        }
    }

    private typealias Launched = (processes: EnvironmentProcesses, shownPath: String)

    private func launched(_ result: Result<Launched, LaunchFailure>) {
        let wasUndone = launching == .undone
        launching = .none
        switch result {
        case .success(let launched):
            shownPath = launched.shownPath
            watch(launched.processes)
            if wasUndone { kill() }
        case .failure(let failure):
            if wasUndone {
                processesEnded()
            } else {
                launchFailed(failure)
            }
        }
    }

    private func watch(_ processes: EnvironmentProcesses) {
        let monitor = ProcessMonitor(
            processes: processes,
            eventLoop: eventLoop,
            log: log,
            onMessage: { [weak self] message in self?.afterPendingReads { $0.receive(message) } },
            onEnd: { [weak self] in self?.afterPendingReads { $0.monitorEnded() } }
        )
        self.monitor = monitor
        monitor.start()
    }

    /// How long news of an exit wait, in turns of the event loop and at least as many milliseconds: the runtime's last
    /// connection has to be accepted, registered and read.
    private static let turnsOfDelay = 3

    /// A runtime may post its response and exit without waiting for our 202. Its bytes came before its end did, but on
    /// a connection that may still have to be accepted.
    private func afterPendingReads(_ action: @escaping (ExecutionEnvironment) -> Void) {
        let bound = NIOLoopBound((self, action), eventLoop: eventLoop)
        // Whatever comes behind delayed news is delayed too, so that the order stays.
        guard lifecycle.awaitsRuntime || delayedNews > 0 else {
            eventLoop.execute { bound.value.1(bound.value.0) }
            return
        }
        delayedNews += 1
        Self.delay(by: Self.turnsOfDelay, on: eventLoop) {
            let (environment, action) = bound.value
            environment.delayedNews -= 1
            action(environment)
        }
    }

    private static func delay(by turns: Int, on eventLoop: any EventLoop, _ action: @escaping @Sendable () -> Void) {
        guard turns > 0 else { return action() }
        eventLoop.scheduleTask(in: .milliseconds(1)) { delay(by: turns - 1, on: eventLoop, action) }
    }

    private func receive(_ message: LauncherMessage) {
        switch message {
        case .started: break
        case .execFailed(let code):
            sawExit = true
            launchFailed(.exec(code: code, path: shownPath))
        case .exited(let exit):
            sawExit = true
            monitor?.drainOutput()
            performNow(lifecycle.processExited(exit, at: clock.now()))
        }
    }

    private func launchFailed(_ failure: LaunchFailure) {
        onLaunchFailure?(failure)
        performNow(lifecycle.launchFailed(failure, at: clock.now()))
    }

    private func monitorEnded() {
        if !sawExit {
            // The launcher itself was killed, and the processes with it.
            performNow(lifecycle.processExited(ProcessExit(status: .signaled(9)), at: clock.now()))
        }
        monitor = nil
        processesEnded()
    }

    private func processesEnded() {
        // A dead process's connection is only half-closed: it would stay as long as its request is unanswered.
        waitingRuntime?.abort()
        waitingRuntime = nil
        performNow(lifecycle.processesEnded(at: clock.now()))
    }

    private func kill() {
        if launching != .none {
            launching = .undone
        } else if let monitor {
            monitor.kill()
        } else {
            // Nothing to wait for, but the lifecycle is in the middle of its actions.
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            eventLoop.execute { bound.value.processesEnded() }
        }
    }
}

// MARK: - Calls of the Runtime API

extension ExecutionEnvironment {
    func runtimeAsksNext(_ exchange: HTTPExchange) {
        if let older = waitingRuntime {
            RuntimeAPI.refuse(older, with: .invalidTransition("a second /next", in: "waiting for an event"))
        }
        waitingRuntime = exchange
        let bound = NIOLoopBound((self, exchange), eventLoop: eventLoop)
        // A runtime that has only closed its sending side can still take an event; one that is gone without our noticing
        // asks again and is given the same event again.
        exchange.onConnectionLost = {
            let (environment, exchange) = bound.value
            guard environment.waitingRuntime === exchange else { return }
            environment.waitingRuntime = nil
            environment.lifecycle.runtimeHungUp()
        }
        perform(lifecycle.runtimeAskedNext(at: clock.now()))
    }

    func responseBegan(for requestID: String) -> RuntimeAPIError? {
        lifecycle.responseBegan(for: requestID)
    }

    func responseArrived(_ body: ByteBuffer, for requestID: String) {
        arrived = body
        perform(lifecycle.responseEnded(.response, for: requestID, at: clock.now()))
    }

    func errorArrived(_ body: ByteBuffer, type: String, for requestID: String) {
        arrived = body
        perform(lifecycle.responseEnded(.functionError(type: type), for: requestID, at: clock.now()))
    }

    func responseWasTooLarge(
        bytes: Int,
        limit: Int = Quotas.bufferedResponseBytes,
        for requestID: String
    ) {
        let error = LambdaError(
            errorType: "Function.ResponseSizeTooLarge",
            errorMessage: "Response payload size (\(bytes) bytes) exceeded maximum allowed payload size "
                + "(\(limit) bytes)."
        )
        perform(lifecycle.responseEnded(.failed(.responseTooLarge, error), for: requestID, at: clock.now()))
    }

    func responseWasTruncated(for requestID: String) {
        let error = LambdaError(
            errorType: "Runtime.TruncatedResponse",
            errorMessage: "RequestId: \(requestID) Error: The runtime's response ended before its announced end"
        )
        perform(lifecycle.responseEnded(.failed(.truncatedResponse, error), for: requestID, at: clock.now()))
    }

    /// Answers the runtime first: what follows kills it.
    func initErrorArrived(_ body: ByteBuffer, type: String, exchange: HTTPExchange) {
        do throws(RuntimeAPIError) {
            let actions = try lifecycle.initErrorPosted(type: type, at: clock.now())
            initErrorBody = body
            RuntimeAPI.accept(exchange)
            perform(actions)
        } catch {
            RuntimeAPI.refuse(exchange, with: error)
        }
    }

    // MARK: Streams

    func streamBegan(for requestID: String, contentType: String?, source: HTTPExchange) {
        guard let current, current.request.requestID == requestID else { return }
        streamHasBegun = true
        current.onCallerReady = { [weak source] in source?.setReading($0) }
        current.onStreamBegan?(contentType)
    }

    func streamPiece(_ piece: ByteBuffer, for requestID: String) {
        guard let current, current.request.requestID == requestID else { return }
        current.onPiece?(piece)
    }

    func streamEnded(for requestID: String) {
        perform(lifecycle.responseEnded(.streamed, for: requestID, at: clock.now()))
    }

    func streamFailed(_ error: LambdaError, for requestID: String) {
        perform(lifecycle.responseEnded(.failed(.crash, error), for: requestID, at: clock.now()))
    }
}
