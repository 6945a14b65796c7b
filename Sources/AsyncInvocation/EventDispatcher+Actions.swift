import FunctionStore
import LambdaModel
import NIOCore
import NIOPosix

extension EventDispatcher {
    /// - Parameter attempt: the run that brought it about.
    func perform(_ action: EventQueue.Action, after attempt: EventAttempt?) {
        switch action {
        case .run(let event): run(event)
        case .update(let event): commit.updates.append(event)
        case .conclude(let event, let condition): conclude(event, condition, attempt)
        }
    }

    // MARK: Running

    private func run(_ event: StoredEvent) {
        withContents(of: event) { [self] found in
            guard let found else { return ended(event, .unavailable) }
            var isOver = false
            target.run(event, request: found.request, payload: ByteBuffer(bytes: found.payload)) { [self] attempt in
                guard !isOver else { return }
                isOver = true
                ended(event, attempt)
            }
        }
    }

    /// Calls back at once where the contents are in memory, else when they have been read; with `nil` when they cannot be.
    private func withContents(of event: StoredEvent, _ body: @escaping (EventContents?) -> Void) {
        if let found = contents[event.sequence] ?? kept.take(event.sequence) {
            contents[event.sequence] = found
            body(found)
        } else {
            reads.append((event, body))
        }
    }

    /// Reads what is waited for, all at once.
    func read() {
        guard !isReading, !reads.isEmpty else { return }
        isReading = true
        let (storage, sequences) = (storage, reads.map(\.event.sequence))
        let bound = NIOLoopBound((self, reads), eventLoop: eventLoop)
        reads = []
        thread.runIfActive(eventLoop: eventLoop) { try storage.contents(of: sequences) }.whenComplete { result in
            let (dispatcher, reads) = bound.value
            dispatcher.isReading = false
            switch result {
            case .success(let found):
                for (event, then) in reads {
                    guard let contents = found[event.sequence] else {
                        dispatcher.queue.vanished(event.sequence)
                        continue
                    }
                    dispatcher.contents[event.sequence] = contents
                    then(contents)
                }
            case .failure(let error):
                dispatcher.note("events could not be read: \(error)")
                for (_, then) in reads { then(nil) }
            }
            dispatcher.proceed()
        }
    }

    // MARK: Ends

    private func conclude(_ event: StoredEvent, _ condition: EventCondition, _ attempt: EventAttempt?) {
        let settings = settings(event.function, event.qualifier) ?? EventInvokeSettings()
        let destination = condition == .success ? settings.onSuccess : settings.onFailure
        let deadLetterTarget = condition == .success ? nil : settings.deadLetterTarget
        guard destination != nil || deadLetterTarget != nil else {
            if condition != .success {
                note("\(Self.name(event)) was discarded: \(condition.rawValue) after \(event.attempts) runs")
            }
            commit.conclusions.append(EventConclusion(sequence: event.sequence))
            return
        }
        withContents(of: event) { [self] contents in
            guard let contents else { return queue.notRemoved(event.sequence, at: clock.milliseconds()) }
            var conclusion = EventConclusion(sequence: event.sequence)
            let now = clock.milliseconds()
            if let destination {
                let record = InvocationRecord(
                    event: event,
                    contents: contents,
                    condition: condition,
                    attempt: attempt,
                    time: now
                )
                let omission = conclusion.deliver(record, to: destination, place(of: destination))
                report(omission, destination, event)
            }
            if let deadLetterTarget {
                let letter = DeadLetter(event: event, contents: contents, condition: condition, attempt: attempt)
                let omission = conclusion.deliver(letter, at: now, to: deadLetterTarget, place(of: deadLetterTarget))
                report(omission, deadLetterTarget, event)
            }
            commit.conclusions.append(conclusion)
        }
    }

    private func place(of arn: String) -> EventDestination {
        let result = EventDestination(arn: arn) { target.functionName(of: $0) }
        if case .file(let name) = result, announced.insert(name).inserted {
            note("\(arn) is not on this machine: what it would get is appended to \(storage.path(of: name))")
        }
        return result
    }

    private func report(_ omission: EventConclusion.Omission?, _ arn: String, _ event: StoredEvent) {
        guard let omission else { return }
        note("\(arn) gets nothing of \(Self.name(event)): \(omission.reason)")
    }

    private static func name(_ event: StoredEvent) -> String {
        "the event \(event.id) of the function \(event.function)"
    }
}

extension EventConclusion.Omission {
    fileprivate var reason: String {
        switch self {
        case .recursion: "it came through \(Quotas.recursionDepth) functions, and would go on for ever"
        case .tooLarge(let bytes): "\(bytes) bytes are more than an event may have"
        }
    }
}
