import LambdaModel
import NIOCore

/// The invoke phase: over when the runtime has answered and asked for the next event, and every extension that takes part
/// in invocations has asked for its next.
extension EnvironmentLifecycle {
    struct Running {
        let requestID: String
        let began: NIODeadline
        /// To be billed to this invocation.
        let initDuration: TimeAmount?
        var answer = Answer.none
        var failure: String?
        /// Where the runtime's response began and ended.
        var responseBegan: NIODeadline?
        var responseEnded: NIODeadline?
        var producedBytes = 0
        /// When the runtime, its answer given, asked for the next event.
        var runtimeDone: NIODeadline?
        /// Nobody waits for the response that was arriving; the runtime has this long to notice.
        var isAbandoned = false
    }

    enum Answer {
        case none
        /// A response's body is arriving.
        case arriving
        case given
    }

    /// How long a runtime whose caller has gone away may take to ask for its next event.
    static let abandonmentGrace = TimeAmount.seconds(1)

    mutating func begin(_ requestID: String, at began: NIODeadline, initDuration: TimeAmount?) -> [Action] {
        let running = Running(requestID: requestID, began: began, initDuration: initDuration)
        state = .invoking(running)
        let deadline = deadline(of: running)
        let waiting = extensions.announceInvocation(deadline: deadline)
        return [.log(.start(requestID: requestID)), .setTimer(deadline)]
            + waiting.map { .deliverToExtension(identifier: $0, .invoke(deadline: deadline)) }
            + deliver(running)
    }

    private mutating func deliver(_ running: Running) -> [Action] {
        guard runtimeIsWaiting else { return [] }
        runtimeIsWaiting = false
        return [.deliver(deadline: deadline(of: running))]
    }

    private func deadline(of running: Running) -> NIODeadline {
        running.began + .seconds(Int64(timeout))
    }

    // MARK: From the runtime

    /// The runtime asks for its next event and now waits for it.
    ///
    /// Throws while the runtime waits for extensions to register: whoever asks is another program.
    mutating func runtimeAskedNext(at now: NIODeadline) throws(APIRefusal) -> [Action] {
        if case .initializing = state, !extensions.allHaveRegistered {
            throw .invalidTransition("a request for an event", in: "past the start of its extensions")
        }
        runtimeIsWaiting = true
        switch state {
        case .initializing(let initialization):
            // Before the news of its launch it may be another program, of which ``launched(extensions:at:)`` decides.
            return runtimeIsRunning ? runtimeInitialized(initialization, at: now) : []
        case .invoking(let running):
            switch running.answer {
            // Asked again while the event is running: the same event again.
            case .none: return deliver(running)
            // The response is still arriving on another connection: the event is not over.
            case .arriving: return []
            case .given: return runtimeFinished(running, at: now)
            }
        case .ready, .stopped, .shuttingDown, .killing, .ended: return []
        }
    }

    /// The runtime's connection ended while it waited.
    mutating func runtimeHungUp() {
        runtimeIsWaiting = false
    }

    /// A response or an error for `requestID` begins to arrive; `nil` accepts it.
    mutating func responseBegan(for requestID: String, at now: NIODeadline) -> APIRefusal? {
        guard case .invoking(var running) = state, running.requestID == requestID else { return .invalidRequestID }
        guard running.answer == .none else {
            return .invalidTransition("a second response", in: "past its response")
        }
        running.answer = .arriving
        running.responseBegan = now
        state = .invoking(running)
        return nil
    }

    /// The response that began has ended, in one way or another.
    ///
    /// - Parameter bytes: of its body, as far as they arrived.
    mutating func responseEnded(
        _ outcome: Outcome,
        for requestID: String,
        bytes: Int = 0,
        at now: NIODeadline
    ) -> [Action] {
        guard case .invoking(var running) = state, running.requestID == requestID, running.answer == .arriving else {
            return []
        }
        running.answer = .given
        running.responseEnded = now
        running.producedBytes = bytes
        if case .failed(_, let error) = outcome { running.failure = error.errorType }
        state = .invoking(running)
        return [.answer(outcome)] + (runtimeIsWaiting ? runtimeFinished(running, at: now) : [])
    }

    /// The caller of a streamed response has gone away: the stream is cut, and the runtime may go on to the next event.
    mutating func callerLeft(_ requestID: String, at now: NIODeadline) -> [Action] {
        guard case .invoking(var running) = state, running.requestID == requestID, running.answer == .arriving else {
            return []
        }
        running.answer = .given
        running.failure = Self.clientGone
        running.isAbandoned = true
        state = .invoking(running)
        let patience = min(now + Self.abandonmentGrace, deadline(of: running))
        return [.cutResponse, .answer(.abandoned), .setTimer(patience)]
            + (runtimeIsWaiting ? runtimeFinished(running, at: now) : [])
    }

    private static let clientGone = "Sandbox.ClientDisconnected"

    // MARK: The end of an invocation

    private mutating func runtimeFinished(_ finished: Running, at now: NIODeadline) -> [Action] {
        guard finished.runtimeDone == nil else { return [] }
        var running = finished
        let log = runtimeDone(running, status(of: running), at: now)
        running.runtimeDone = now
        state = .invoking(running)
        let end = invocationOverIfDone(running, at: now)
        guard end.isEmpty, running.isAbandoned else { return log + end }
        // The runtime was in a hurry; the extensions need not be.
        return log + [.setTimer(deadline(of: running))]
    }

    /// Goes on when the last one is done.
    mutating func invocationOverIfDone(_ running: Running, at now: NIODeadline) -> [Action] {
        guard running.runtimeDone != nil, extensions.allAreDone else { return [] }
        return [.clearTimer] + close(running, at: now, status: status(of: running), exit: nil) + rest(at: now)
            + [.becameIdle]
    }

    /// Nothing is to be done until the next invocation.
    mutating func rest(at now: NIODeadline) -> [Action] {
        state = .ready(isFrozen: false)
        return freezeDelay.map { [.setFreezeTimer(now + $0)] } ?? []
    }

    private func status(of running: Running) -> LogRecord.Status {
        running.failure.map { .error(type: $0) } ?? .success
    }

    mutating func invokeTimedOut(_ running: Running, at now: NIODeadline) -> [Action] {
        if running.isAbandoned, running.runtimeDone == nil { return abandonedTooLong(running, at: now) }
        // The runtime is done, and an extension that has reported an error never will be.
        if running.runtimeDone != nil, let reported = extensions.reportedError {
            return broken(running, .extensionReported(reported), at: now)
        }
        let answer: [Action] = running.answer == .given ? [] : [.answer(timeoutOutcome(running.requestID))]
        return answer + [.log(.timedOut(requestID: running.requestID))]
            + runtimeDone(running, .timeout, at: now)
            + close(running, at: now, status: .timeout, exit: nil)
            + beginShutdown(.timeout, then: Aftermath(), at: now)
    }

    /// A runtime that does not let go of a response that nobody takes.
    private mutating func abandonedTooLong(_ running: Running, at now: NIODeadline) -> [Action] {
        let status = status(of: running)
        return runtimeDone(running, status, at: now) + close(running, at: now, status: status, exit: nil)
            + beginShutdown(.failure, then: Aftermath(), at: now)
    }

    /// The processes are of no more use: tells the caller and the log, and ends what is left.
    mutating func broken(_ running: Running, _ breakdown: EnvironmentBreakdown, at now: NIODeadline) -> [Action] {
        let answer: [Action] =
            running.answer == .given ? [] : [.answer(outcome(of: breakdown, requestID: running.requestID))]
        let fault: [Action] =
            breakdown.message.map {
                [.log(.fault(requestID: running.requestID, type: breakdown.errorType, message: $0))]
            } ?? []
        let status = LogRecord.Status.error(type: breakdown.errorType)
        return [.clearTimer] + answer + fault + runtimeDone(running, status, at: now)
            + close(running, at: now, status: status, exit: breakdown.exit)
            + beginShutdown(.failure, then: Aftermath(), at: now)
    }

    /// The runtime's part of the invocation, unless it has been told already.
    func runtimeDone(_ running: Running, _ status: LogRecord.Status, at now: NIODeadline) -> [Action] {
        guard running.runtimeDone == nil else { return [] }
        var record = LogRecord.RuntimeDone(
            requestID: running.requestID,
            status: status,
            duration: now - running.began,
            producedBytes: running.producedBytes
        )
        if let began = running.responseBegan {
            record.spans.append(.init("responseLatency", from: running.began, to: began))
            if let ended = running.responseEnded {
                record.spans.append(.init("responseDuration", from: began, to: ended))
                record.spans.append(.init("runtimeOverhead", from: ended, to: now))
            }
        }
        return [.log(.runtimeDone(record))]
    }

    func close(
        _ running: Running,
        at now: NIODeadline,
        status: LogRecord.Status,
        exit: ProcessExit?
    ) -> [Action] {
        var report = InvocationReport(
            requestID: running.requestID,
            duration: now - running.began,
            initDuration: running.initDuration,
            memorySize: memorySize,
            maxMemoryUsedBytes: exit?.peakMemoryBytes,
            status: status,
            exit: exit
        )
        if let done = running.runtimeDone, !extensions.entries.isEmpty {
            report.extensionOverhead = .init("extensionOverhead", from: done, to: now)
        }
        return [.log(.end(requestID: running.requestID)), .finish(report)]
    }

    private func outcome(of breakdown: EnvironmentBreakdown, requestID: String) -> Outcome {
        guard let message = breakdown.message else { return .initError(type: breakdown.errorType) }
        let text = "RequestId: \(requestID) Error: \(message)"
        return .failed(.crash, LambdaError(errorType: breakdown.errorType, errorMessage: text))
    }

    func timeoutOutcome(_ requestID: String) -> Outcome {
        let text = "RequestId: \(requestID) Error: Task timed out after \(timeout).00 seconds"
        return .failed(.timeout, LambdaError(errorType: "Sandbox.Timedout", errorMessage: text))
    }
}
