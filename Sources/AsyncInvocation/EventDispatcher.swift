import DequeModule
package import ExecutionEnvironment
package import FunctionStore
import LambdaModel
package import NIOCore
package import NIOPosix

/// Accepts asynchronous invocations, keeps them on the disk until they are over, and has them run.
///
/// Belongs to its event loop. It translates between the world and ``EventQueue``, where the rules are; every call of the store
/// is made on a thread that is there for it.
package final class EventDispatcher {
    /// An event that waits for its commit.
    private struct Acceptance {
        var event: AsyncEvent
        var promise: EventLoopPromise<Void>
    }

    /// Something to be done, and the run that brought it about.
    private struct Task {
        var action: EventQueue.Action
        var attempt: EventAttempt?
    }

    package let eventLoop: any EventLoop
    let storage: any EventStorage
    let thread: NIOThreadPool
    let target: any EventTarget
    let limits: EventLimits
    let clock: EventClock
    let note: (String) -> Void

    var queue: EventQueue
    var kept: KeptContents
    /// Contents of events in flight.
    var contents: [Int64: EventContents] = [:]
    /// The rest of the next commit.
    var commit = EventCommit()
    /// What waits for contents to be read.
    var reads: [(event: StoredEvent, then: (EventContents?) -> Void)] = []
    var isReading = false
    /// Files that stand for destinations, of which the user has been told.
    var announced: Set<String> = []

    private var acceptances: Deque<Acceptance> = []
    /// Events not yet accepted, those of the running commit included.
    private var acceptanceCount = 0
    private var acceptanceBytes = 0
    private var isCommitting = false
    /// Nothing is accepted before what there was is known.
    private var isStarted = false
    private var tasks: Deque<Task> = []
    private var isPerforming = false
    private var timer: (time: Int64, scheduled: Scheduled<Void>)?
    private var stopping: EventLoopPromise<Void>?

    /// - Parameters:
    ///   - thread: of one thread, started, for all calls of `storage`.
    ///   - note: gets sentences for the user, without a line break.
    package init(
        storage: any EventStorage,
        target: any EventTarget,
        limits: EventLimits = EventLimits(),
        timing: EventTiming = EventTiming(),
        clock: EnvironmentClock = .system,
        eventLoop: any EventLoop,
        thread: NIOThreadPool,
        note: @escaping (String) -> Void
    ) {
        self.storage = storage
        self.target = target
        self.limits = limits
        self.eventLoop = eventLoop
        self.thread = thread
        self.note = note
        self.clock = EventClock(clock)
        queue = EventQueue(limits: limits, timing: timing)
        kept = KeptContents(limit: limits.keptBytes)
    }

    /// Events that are accepted and not over.
    package var count: Int { queue.count }

    /// Finds the events that were not over when the store was closed, and begins to run them. To be called once; what is accepted
    /// before waits for it.
    ///
    /// - Returns: how many there are; fails with an ``EventStoreError``.
    package func start() -> EventLoopFuture<Int> {
        let storage = storage
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return thread.runIfActive(eventLoop: eventLoop) { () -> [StoredEvent] in
            var result: [StoredEvent] = []
            while true {
                let page = try storage.events(after: result.last?.sequence ?? 0, limit: 5_000)
                if page.isEmpty { return result }
                result += page
            }
        }.map { events in
            let now = bound.value.clock.milliseconds()
            for event in events { bound.value.queue.append(event, at: now) }
            bound.value.isStarted = true
            bound.value.proceed()
            return events.count
        }
    }

    /// Takes an event; the future succeeds when it is on the disk.
    ///
    /// - Returns: fails with an ``EventRefusal``.
    package func accept(_ event: AsyncEvent) -> EventLoopFuture<Void> {
        let size = event.contents.payload.count
        guard stopping == nil else { return eventLoop.makeFailedFuture(EventRefusal.stopped) }
        guard queue.count + acceptanceCount < limits.events,
            queue.bytes + acceptanceBytes + size <= limits.bytes
        else { return eventLoop.makeFailedFuture(EventRefusal.queueFull) }
        var event = event
        event.acceptedAt = clock.milliseconds()
        let promise = eventLoop.makePromise(of: Void.self)
        acceptances.append(Acceptance(event: event, promise: promise))
        acceptanceCount += 1
        acceptanceBytes += size
        proceed()
        return promise.futureResult
    }

    /// A function is there anew, or takes more or less than before: what waited for it is tried at once.
    package func wake(function: String) {
        queue.wake(function)
        proceed()
    }

    /// Runs nothing more. What is in flight may end; what does not is run again after the next start.
    ///
    /// - Returns: succeeds when nothing is in flight.
    package func stop() -> EventLoopFuture<Void> {
        let promise = stopping ?? eventLoop.makePromise()
        stopping = promise
        queue.stop()
        proceed()
        return promise.futureResult
    }

    // MARK: Steps

    /// A run is over.
    func ended(_ event: StoredEvent, _ attempt: EventAttempt) {
        let actions = queue.ended(event.sequence, attempt.result, at: clock.milliseconds(), settings: settings)
        if !actions.contains(where: \.isConclusion), let put = contents.removeValue(forKey: event.sequence),
            actions.isEmpty
        {
            // It has not been taken, and is tried again soon.
            kept.keep(put, of: event.sequence)
        }
        tasks.append(contentsOf: actions.map { Task(action: $0, attempt: attempt) })
        proceed()
    }

    /// Does all that can be done now. A target may answer within its call, so that this is entered again while it works.
    func proceed() {
        guard !isPerforming else { return }
        isPerforming = true
        repeat {
            while let task = tasks.popFirst() { perform(task.action, after: task.attempt) }
            tasks.append(
                contentsOf: queue.advance(at: clock.milliseconds(), settings: settings).map { Task(action: $0) }
            )
        } while !tasks.isEmpty
        isPerforming = false
        read()
        write()
        setTimer()
        if queue.inFlight == 0, !isCommitting, acceptances.isEmpty, commit.isEmpty { stopping?.succeed(()) }
    }

    func settings(_ function: String, _ qualifier: String?) -> EventInvokeSettings? {
        target.settings(of: function, qualifier: qualifier)
    }

    private func setTimer() {
        let now = clock.milliseconds()
        let time = queue.nextTime(after: now, settings: settings)
        guard time != timer?.time else { return }
        timer?.scheduled.cancel()
        timer = nil
        guard let time else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        // An event may wait for longer than a timer can; it is looked at again then.
        let wait = TimeAmount.milliseconds(min(time - now, 86_400_000))
        let scheduled = eventLoop.scheduleTask(in: wait) {
            bound.value.timer = nil
            bound.value.proceed()
        }
        timer = (time, scheduled)
    }

    // MARK: Commits

    /// Starts the next commit, with all that came during the one before.
    private func write() {
        guard isStarted, !isCommitting else { return }
        let accepted = takeAcceptances()
        var next = commit
        commit = EventCommit()
        next.insertions = accepted.map(\.event)
        guard !next.isEmpty else { return }
        isCommitting = true
        let (storage, commit) = (storage, next)
        let bound = NIOLoopBound((self, accepted), eventLoop: eventLoop)
        thread.runIfActive(eventLoop: eventLoop) { commit.perform(on: storage) }.whenComplete { result in
            let (dispatcher, accepted) = bound.value
            dispatcher.isCommitting = false
            switch result {
            case .success(let outcome): dispatcher.committed(commit, outcome, accepted)
            case .failure(let error):
                dispatcher.committed(commit, commit.refused(EventStoreError("\(error)")), accepted)
            }
            dispatcher.proceed()
        }
    }

    private func takeAcceptances() -> [Acceptance] {
        var result: [Acceptance] = []
        var bytes = 0
        while let next = acceptances.first, result.count < limits.batchEvents {
            let size = next.event.contents.payload.count
            guard result.isEmpty || bytes + size <= limits.batchBytes else { break }
            bytes += size
            result.append(next)
            acceptances.removeFirst()
        }
        return result
    }

    private func committed(_ commit: EventCommit, _ outcome: EventCommit.Outcome, _ accepted: [Acceptance]) {
        let now = clock.milliseconds()
        acceptanceCount -= accepted.count
        for acceptance in accepted { acceptanceBytes -= acceptance.event.contents.payload.count }
        for event in outcome.followUps { queue.append(event, at: now) }
        switch outcome.inserted {
        case .success(let events):
            for (event, acceptance) in zip(events, accepted) {
                kept.keep(acceptance.event.contents, of: event.sequence)
                queue.append(event, at: now)
                acceptance.promise.succeed(())
            }
        case .failure(let error):
            for acceptance in accepted { acceptance.promise.fail(EventRefusal.notStored(error)) }
        }
        for conclusion in commit.conclusions {
            contents[conclusion.sequence] = nil
            _ = kept.take(conclusion.sequence)
            if let error = outcome.failures[conclusion.sequence] {
                note("the end of an event could not be stored, so that it runs again: \(error)")
                queue.notRemoved(conclusion.sequence, at: now)
            } else {
                queue.removed(conclusion.sequence)
            }
        }
        if let error = outcome.updateFailure { note("the runs of events could not be noted: \(error)") }
    }
}

extension EventQueue.Action {
    var isConclusion: Bool { if case .conclude = self { true } else { false } }
}
