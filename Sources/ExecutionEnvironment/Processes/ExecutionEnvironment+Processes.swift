import HTTPServer
import LambdaModel
import NIOCore
import NIOPosix
import Sandbox

/// Starting, watching and ending the processes.
extension ExecutionEnvironment {
    func launch() {
        guard let address = runtimeAPIAddress, launching == .none, monitor == nil else { return }
        launching = .running
        sawExit = false
        hasBegunInvocation = false
        runtimeHasCalled = false
        memory.reset()
        let prepare = configuration.launch
        let type = configuration.initializationType
        let capturesCrashes = crashCapture.isArmed
        let namespaces = namespaces
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        // Starting a process takes about a millisecond, which other environments on this loop should not wait for.
        threadPool.runIfActive(eventLoop: eventLoop) { () -> Result<Launched, LaunchFailure> in
            do throws(LaunchFailure) {
                var plan = try prepare(address, type)
                plan.specification.capturesCrashes = capturesCrashes
                // What is too much for Lambda is not even started.
                guard plan.extensions.count <= ExtensionRegistry.limit else { return .success((nil, plan)) }
                return .success((try EnvironmentProcesses.launch(plan.specification, again: namespaces), plan))
            } catch {
                return .failure(error)
            }
        }.whenComplete { result in
            let stopped = LaunchFailure.host(code: 0, operation: "the thread pool has stopped")
            bound.value.launched((try? result.get()) ?? .failure(stopped))
        }
    }

    private typealias Launched = (processes: EnvironmentProcesses?, plan: LaunchPlan)

    private func launched(_ result: Result<Launched, LaunchFailure>) {
        let wasUndone = launching == .undone
        launching = .none
        switch result {
        case .success(let launched):
            room = launched.plan.specification.room
            meaning = launched.plan.meaning
            plannedExtensions = launched.plan.extensions
            shownPath = launched.plan.shownPath
            if let processes = launched.processes { watch(processes) }
            guard !wasUndone else { return kill() }
            performNow(lifecycle.launched(extensions: plannedExtensions.map(\.name), at: clock.now()))
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
            threadPool: threadPool,
            log: log,
            keepsTail: configuration.explainCrash != nil || meaning != nil,
            onOutput: { [weak self] source, bytes in self?.written(bytes, by: source) },
            onMessage: { [weak self] message in
                switch message {
                // A crash is news for the log alone, and comes before what it leads to.
                case .crashed(let facts): self?.crashed(facts)
                // What there is to be taken is there as long as the launcher is.
                case .roomReady: self?.roomIsReady()
                default: self?.afterPendingReads { $0.receive(message) }
                }
            },
            onEnd: { [weak self] in self?.afterPendingReads { $0.monitorEnded() } }
        )
        self.monitor = monitor
        network.processes = processes
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
        guard lifecycle.awaitsCalls || delayedNews > 0 else {
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
        case .started, .extensionStarted, .crashed, .roomReady: break
        case .roomFailed(let step, let code):
            sawExit = true
            let operation = room?.description(ofStep: step) ?? "make the sandbox"
            launchFailed(.host(code: code, operation: operation))
        case .outOfMemory(let facts): childRanOutOfMemory(facts)
        case .execFailed(let code):
            sawExit = true
            launchFailed(.exec(code: code, path: shownPath))
        case .exited(let exit):
            sawExit = true
            crashCapture.mainProcessEnded(exit.status)
            runtimeOutputEnded()
            mainProcessEnded(exit)
        case .extensionExecFailed(let index, let code):
            let path = plannedExtensions.indices.contains(index) ? plannedExtensions[index].shownPath : "extension"
            let failure = LaunchFailure.exec(code: code, path: path)
            performNow(lifecycle.extensionLaunchFailed(index, failure, at: clock.now()))
        case .extensionExited(let index, let exit):
            monitor?.drainOutput()
            performNow(lifecycle.extensionExited(index, exit, at: clock.now()))
        }
    }

    private func mainProcessEnded(_ exit: ProcessExit) {
        guard let meaning else { return performNow(lifecycle.processExited(exit, at: clock.now())) }
        switch meaning(exit, monitor?.outputTail ?? "", runtimeHasCalled) {
        case .exited(var function):
            // What was measured while it lived.
            function.peakMemoryBytes = memory.peakBytes(at: clock.now()) { monitor?.peakMemoryBytes() } ?? 0
            performNow(lifecycle.processExited(function, at: clock.now()))
        case .failed(let failure): launchFailed(failure)
        }
    }

    func launchFailed(_ failure: LaunchFailure) {
        onLaunchFailure?(failure)
        performNow(lifecycle.launchFailed(failure, at: clock.now()))
    }

    private func monitorEnded() {
        if !sawExit {
            // The launcher itself was killed, and the processes with it.
            performNow(lifecycle.processExited(ProcessExit(status: .signaled(9)), at: clock.now()))
        }
        runtimeOutputEnded()
        monitor = nil
        telemetry.endOfOutput(.extension)
        processesEnded()
    }

    private func processesEnded() {
        // A dead process's connection is only half-closed: it would stay as long as its request is unanswered.
        closePrivateServer()
        network.processes = nil
        waitingRuntime?.abort()
        waitingRuntime = nil
        dropWaitingExtensions()
        // A new init phase has new subscriptions.
        telemetry.reset()
        performNow(lifecycle.processesEnded(at: clock.now()))
    }

    func kill() {
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
