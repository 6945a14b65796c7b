package import ExecutionEnvironment
package import LambdaModel
package import NIOCore
package import NIOPosix

/// The environments of one function: made as invocations come, used again, ended when they have rested for long.
///
/// Belongs to its event loop, on which the environments live too, so that handing over an invocation is a call. It
/// translates between the world and ``PoolScheduler``, where the rules are.
package final class FunctionPool {
    package let function: FunctionConfiguration
    package let eventLoop: any EventLoop
    let configuration: EnvironmentConfiguration
    private let threadPool: NIOThreadPool
    private let log: FunctionLog
    let clock: EnvironmentClock
    private let memoryReadings: MemoryReadings
    private let account: ConcurrencyLimit?
    private let onLaunchFailure: ((LaunchFailure) -> Void)?

    var scheduler: PoolScheduler<Invocation>
    var environments: [Int: ExecutionEnvironment] = [:]
    /// Of environments whose Runtime API does not listen yet.
    private var openings: [Int: EventLoopFuture<Void>] = [:]
    /// Made by ``open()``, not known to the scheduler before it is wanted.
    private var spare: ExecutionEnvironment?
    private var timer: Scheduled<Void>?
    private var patienceTimer: Scheduled<Void>?
    /// Stands in the line of the limit that is shared with others.
    private var isInLine = false
    var backoff = RestartBackoff()
    /// Of provisioned environments.
    var restart: Scheduled<Void>?
    private var closing: EventLoopPromise<Void>?

    /// - Parameters:
    ///   - account: a limit that this pool shares with others; the innermost, if limits stand in limits.
    ///   - memoryReadings: shared with the environments of other pools.
    ///   - onLaunchFailure: told when the processes of an environment could not be started.
    package init(
        configuration: EnvironmentConfiguration,
        limits: Limits = .single,
        account: ConcurrencyLimit? = nil,
        eventLoop: any EventLoop,
        threadPool: NIOThreadPool,
        log: FunctionLog,
        clock: EnvironmentClock = .system,
        memoryReadings: MemoryReadings = MemoryReadings(),
        onLaunchFailure: ((LaunchFailure) -> Void)? = nil
    ) {
        function = configuration.function
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.threadPool = threadPool
        self.log = log
        self.clock = clock
        self.memoryReadings = memoryReadings
        self.account = account
        self.onLaunchFailure = onLaunchFailure
        scheduler = PoolScheduler(
            limits: .init(
                environments: limits.environments,
                waiting: limits.waiting,
                idleTime: limits.idleTime,
                provisioned: limits.provisioned,
                patience: limits.patience
            )
        )
    }

    /// Opens the Runtime API of a first environment, so that an address that cannot be had is told now; no process starts
    /// before the first invocation. Makes those that are provisioned, whose processes start at once.
    package func open() -> EventLoopFuture<Void> {
        let first = makeEnvironment(isProvisioned: scheduler.limits.provisioned > 0)
        let bound = NIOLoopBound((self, first), eventLoop: eventLoop)
        return first.open().flatMap {
            let (pool, first) = bound.value
            // Retired or shut down meanwhile.
            guard pool.scheduler.stage == .open else { return first.shutdown() }
            pool.spare = first
            pool.perform(pool.scheduler.provision())
            return pool.eventLoop.makeSucceededVoidFuture()
        }
    }

    /// Invocations that run now.
    package var runningCount: Int { scheduler.busyCount }

    /// Environments that there are now.
    package var environmentCount: Int { scheduler.count }

    /// Invocations that wait for an environment, or for room.
    package var waitingCount: Int { scheduler.waitingCount }

    /// Runs the invocation, at once or when its turn has come.
    ///
    /// - Returns: `false` when there is no room for it or the pool takes no more; the invocation is abandoned then.
    @discardableResult
    package func submit(_ invocation: Invocation) -> Bool {
        let actions = scheduler.submit(invocation, room: account?.room ?? .free, at: clock.now())
        perform(actions)
        standInLineIfNeeded()
        return !actions.contains { if case .refuse = $0 { true } else { false } }
    }

    // MARK: The end

    /// Takes no new invocation. What runs or waits is done to its end; environments end as soon as nobody needs them, those
    /// that rest at once. Nothing is left running when the future succeeds.
    package func retire() -> EventLoopFuture<Void> {
        let promise = closing ?? eventLoop.makePromise()
        closing = promise
        perform(scheduler.retire())
        return endRest(promise)
    }

    /// Ends the environments; waiting invocations are abandoned. Nothing is left running when the future succeeds. May
    /// follow ``retire()``.
    package func shutdown() -> EventLoopFuture<Void> {
        let promise = closing ?? eventLoop.makePromise()
        closing = promise
        perform(scheduler.close())
        return endRest(promise)
    }

    private func endRest(_ promise: EventLoopPromise<Void>) -> EventLoopFuture<Void> {
        timer?.cancel()
        restart?.cancel()
        if let spare {
            self.spare = nil
            environments[-1] = spare
            end(-1)
        }
        succeedIfOver()
        return promise.futureResult
    }

    private func succeedIfOver() {
        guard let closing, environments.isEmpty, scheduler.isOver else { return }
        patienceTimer?.cancel()
        closing.succeed(())
    }

    // MARK: Room

    /// Lets those who wait run, as far as there are room and environments.
    ///
    /// - Parameter isOurTurn: the shared limit has room for one invocation of ours, whoever else waits.
    func dispatch(isOurTurn: Bool = false) {
        var mayRun = isOurTurn
        while scheduler.canDispatch, mayRun || account?.hasRoom ?? true {
            mayRun = false
            perform(scheduler.dispatch())
        }
        standInLineIfNeeded()
    }

    private func standInLineIfNeeded() {
        guard let account, scheduler.waitingCount > 0 else { return }
        guard !account.isClosed else { return perform(scheduler.refuseWaiting()) }
        // Where an environment is what is missing, the next that becomes idle is enough.
        guard !isInLine, !account.hasRoom, scheduler.canDispatch else { return }
        isInLine = true
        account.whenRoom { [weak self] in
            guard let self else { return }
            self.isInLine = false
            self.dispatch(isOurTurn: !account.isClosed)
        }
    }

    private func count(_ invocation: Invocation, in account: ConcurrencyLimit) {
        account.began()
        let over = invocation.onOver
        let eventLoop = eventLoop
        invocation.onOver = { report in
            account.ended()
            over?(report)
            guard account.hasLine else { return }
            // When the environment rests again: whose turn it is may want that very one.
            let bound = NIOLoopBound(account, eventLoop: eventLoop)
            eventLoop.execute { bound.value.giveOut() }
        }
    }

    // MARK: Actions

    func perform(_ actions: [PoolScheduler<Invocation>.Action]) {
        for action in actions { perform(action) }
    }

    private func perform(_ action: PoolScheduler<Invocation>.Action) {
        switch action {
        case .open(let id, let isProvisioned): open(id, isProvisioned: isProvisioned)
        case .run(let invocation, let id): run(invocation, on: id)
        case .refuse(let invocation): invocation.abandon()
        case .end(let id): end(id)
        case .setTimer(let deadline):
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            timer = eventLoop.scheduleTask(deadline: deadline) {
                bound.value.perform(bound.value.scheduler.timePassed(at: bound.value.clock.now()))
            }
        case .setPatienceTimer(let deadline):
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            patienceTimer = eventLoop.scheduleTask(deadline: deadline) { bound.value.patienceEnded() }
        }
    }

    private func patienceEnded() {
        perform(scheduler.patienceEnded(at: clock.now()))
        dispatch()
    }

    private func makeEnvironment(isProvisioned: Bool) -> ExecutionEnvironment {
        var configuration = configuration
        if isProvisioned { configuration.initializationType = .provisionedConcurrency }
        let environment = ExecutionEnvironment(
            configuration: configuration,
            eventLoop: eventLoop,
            threadPool: threadPool,
            log: log,
            clock: clock,
            memoryReadings: memoryReadings
        )
        environment.onLaunchFailure = onLaunchFailure
        return environment
    }

    private func open(_ id: Int, isProvisioned: Bool) {
        if let spare, spare.isProvisioned == isProvisioned {
            self.spare = nil
            connect(spare, as: id)
            if isProvisioned { spare.start() }
            return
        }
        let environment = makeEnvironment(isProvisioned: isProvisioned)
        connect(environment, as: id)
        let bound = NIOLoopBound((self, environment), eventLoop: eventLoop)
        let opening = environment.open()
        openings[id] = opening
        opening.whenComplete { result in
            let (pool, environment) = bound.value
            pool.openings[id] = nil
            switch result {
            case .success: if isProvisioned { environment.start() }
            // No descriptor is left for its port, perhaps: it is of no use.
            case .failure: pool.end(id)
            }
        }
    }

    private func connect(_ environment: ExecutionEnvironment, as id: Int) {
        environments[id] = environment
        environment.onIdle = { [weak self] in self?.becameIdle(id) }
        environment.onAnswered = { [weak self, weak environment] in
            guard let self, let environment else { return }
            self.scheduler.answered(id, initDuration: environment.initDuration, at: self.clock.now())
        }
        guard environment.isProvisioned else { return }
        environment.onInitialized = { [weak self] in self?.initialized(id) }
    }

    private func run(_ invocation: Invocation, on id: Int) {
        guard let environment = environments[id] else { return invocation.abandon() }
        if let account { count(invocation, in: account) }
        guard let opening = openings[id] else { return environment.invoke(invocation) }
        let bound = NIOLoopBound((environment, invocation), eventLoop: eventLoop)
        opening.whenComplete { result in
            let (environment, invocation) = bound.value
            if case .success = result { environment.invoke(invocation) } else { invocation.abandon() }
        }
    }

    private func becameIdle(_ id: Int) {
        guard let environment = environments[id] else { return }
        let isStopped = environment.isStopped
        let hasPlace = account?.hasPlace ?? true
        perform(scheduler.becameIdle(id, isInitialized: !isStopped, hasPlace: hasPlace, at: clock.now()))
        if scheduler.waitingCount > 0 { dispatch() }
        if isStopped, scheduler.isProvisioned(id) { restartProvisioned() }
    }

    private func end(_ id: Int) {
        guard let environment = environments[id] else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        environment.shutdown().whenComplete { _ in bound.value.ended(id) }
    }

    private func ended(_ id: Int) {
        environments[id] = nil
        let wasProvisioned = scheduler.isProvisioned(id)
        perform(scheduler.ended(id))
        dispatch()
        if wasProvisioned { restartProvisioned() }
        succeedIfOver()
    }
}
