package import ExecutionEnvironment
package import LambdaModel
package import NIOCore
package import NIOPosix

/// The environments of one function: made as invocations come, used again, ended when they have rested for long.
///
/// Belongs to its event loop, on which the environments live too, so that handing over an invocation is a call. It
/// translates between the world and ``PoolScheduler``, where the rules are.
package final class FunctionPool {
    /// What a pool may cost.
    package struct Limits: Sendable {
        /// Environments, and so invocations that run at the same time.
        package var environments: Int
        /// Invocations that may wait for one.
        package var waiting: Int
        /// How long an environment may rest before it is ended; `nil`: for ever.
        package var idleTime: TimeAmount?
        /// Environments that are made ahead of any invocation and kept.
        package var provisioned: Int

        package init(environments: Int = 1, waiting: Int = 0, idleTime: TimeAmount? = nil, provisioned: Int = 0) {
            self.environments = environments
            self.waiting = waiting
            self.idleTime = idleTime
            self.provisioned = provisioned
        }

        /// One environment, whose invocations queue up: that of a command, and of the emulator.
        package static let single = Limits(environments: 1, waiting: FunctionPool.queueLimit)
    }

    /// How many invocations may wait for a single environment.
    package static let queueLimit = 1024

    package let function: FunctionConfiguration
    package let eventLoop: any EventLoop
    private let configuration: EnvironmentConfiguration
    private let threadPool: NIOThreadPool
    private let log: FunctionLog
    private let account: ConcurrencyLimit?
    private let onLaunchFailure: ((LaunchFailure) -> Void)?

    private var scheduler: PoolScheduler<Invocation>
    private var environments: [Int: ExecutionEnvironment] = [:]
    /// Of environments whose Runtime API does not listen yet.
    private var openings: [Int: EventLoopFuture<Void>] = [:]
    /// Made by ``open()``, not known to the scheduler before it is wanted.
    private var spare: ExecutionEnvironment?
    private var timer: Scheduled<Void>?
    private var closing: EventLoopPromise<Void>?

    /// - Parameters:
    ///   - account: a limit that this pool shares with others.
    ///   - onLaunchFailure: told when the processes of an environment could not be started.
    package init(
        configuration: EnvironmentConfiguration,
        limits: Limits = .single,
        account: ConcurrencyLimit? = nil,
        eventLoop: any EventLoop,
        threadPool: NIOThreadPool,
        log: FunctionLog,
        onLaunchFailure: ((LaunchFailure) -> Void)? = nil
    ) {
        function = configuration.function
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.threadPool = threadPool
        self.log = log
        self.account = account
        self.onLaunchFailure = onLaunchFailure
        scheduler = PoolScheduler(
            limits: .init(
                environments: limits.environments,
                waiting: limits.waiting,
                idleTime: limits.idleTime,
                provisioned: limits.provisioned
            )
        )
    }

    /// Opens the Runtime API of a first environment, so that an address that cannot be had is told now; no process starts
    /// before the first invocation. Makes those that are provisioned.
    package func open() -> EventLoopFuture<Void> {
        let first = makeEnvironment()
        let bound = NIOLoopBound((self, first), eventLoop: eventLoop)
        return first.open().map {
            let (pool, first) = bound.value
            pool.spare = first
            pool.perform(pool.scheduler.start(at: .now()))
        }
    }

    /// Invocations that run now.
    package var runningCount: Int { scheduler.busyCount }

    /// Environments that there are now.
    package var environmentCount: Int { scheduler.count }

    /// Runs the invocation, at once or when its turn has come.
    ///
    /// - Returns: `false` when there is no room for it or the pool has shut down; the invocation is abandoned then.
    @discardableResult
    package func submit(_ invocation: Invocation) -> Bool {
        let mayRun = account?.hasRoom ?? true
        let waited = scheduler.waitingCount
        let actions = scheduler.submit(invocation, mayRun: mayRun)
        perform(actions)
        if !mayRun, scheduler.waitingCount > waited { waitForRoom() }
        return !actions.contains { if case .refuse = $0 { true } else { false } }
    }

    private func waitForRoom() {
        account?.whenRoom { [weak self] in
            guard let self else { return }
            self.perform(self.scheduler.roomWasMade())
        }
    }

    /// Ends the environments; waiting invocations are abandoned. Nothing is left running when the future succeeds.
    package func shutdown() -> EventLoopFuture<Void> {
        let promise = closing ?? eventLoop.makePromise()
        guard closing == nil else { return promise.futureResult }
        closing = promise
        timer?.cancel()
        perform(scheduler.close())
        if let spare {
            self.spare = nil
            environments[-1] = spare
            end(-1)
        }
        closeIfEmpty()
        return promise.futureResult
    }

    // MARK: Actions

    private func perform(_ actions: [PoolScheduler<Invocation>.Action]) {
        for action in actions { perform(action) }
    }

    private func perform(_ action: PoolScheduler<Invocation>.Action) {
        switch action {
        case .open(let id): open(id)
        case .run(let invocation, let id): run(invocation, on: id)
        case .refuse(let invocation): invocation.abandon()
        case .end(let id): end(id)
        case .setTimer(let deadline):
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            timer = eventLoop.scheduleTask(deadline: deadline) {
                bound.value.perform(bound.value.scheduler.timePassed(at: .now()))
            }
        }
    }

    private func makeEnvironment() -> ExecutionEnvironment {
        let environment = ExecutionEnvironment(
            configuration: configuration,
            eventLoop: eventLoop,
            threadPool: threadPool,
            log: log
        )
        environment.onLaunchFailure = onLaunchFailure
        return environment
    }

    private func open(_ id: Int) {
        let environment = spare ?? makeEnvironment()
        let isOpen = spare != nil
        spare = nil
        environments[id] = environment
        environment.onIdle = { [weak self] in self?.becameIdle(id) }
        guard !isOpen else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let opening = environment.open()
        openings[id] = opening
        opening.whenComplete { result in
            bound.value.openings[id] = nil
            // No descriptor is left for its port, perhaps: it is of no use.
            if case .failure = result { bound.value.end(id) }
        }
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

    private func count(_ invocation: Invocation, in account: ConcurrencyLimit) {
        account.began()
        let over = invocation.onOver
        invocation.onOver = { report in
            account.ended()
            over?(report)
        }
    }

    private func becameIdle(_ id: Int) {
        let mayRun = account?.hasRoom ?? true
        perform(scheduler.becameIdle(id, at: .now(), mayRun: mayRun))
        if !mayRun, scheduler.waitingCount > 0 { waitForRoom() }
    }

    private func end(_ id: Int) {
        guard let environment = environments[id] else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        environment.shutdown().whenComplete { _ in bound.value.ended(id) }
    }

    private func ended(_ id: Int) {
        environments[id] = nil
        let mayRun = account?.hasRoom ?? true
        perform(scheduler.ended(id, mayRun: mayRun))
        if !mayRun, scheduler.waitingCount > 0 { waitForRoom() }
        closeIfEmpty()
    }

    private func closeIfEmpty() {
        guard let closing, environments.isEmpty else { return }
        closing.succeed(())
    }
}
