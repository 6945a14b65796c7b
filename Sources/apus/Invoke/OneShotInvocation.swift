import CommandProcess
import ExecutionEnvironment
import FunctionPool
import LambdaModel
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// One invocation in an environment of its own, from the first process to the last.
struct OneShotInvocation: Sendable {
    let configuration: EnvironmentConfiguration
    let request: InvocationRequest
    let payload: [UInt8]
    /// Where the log goes.
    let logDescriptor: Int32
    /// Where the response goes.
    let outputDescriptor: Int32

    struct Result: Sendable {
        /// `nil` when a signal ended the command first.
        var outcome: InvocationOutcome?
        var report: InvocationReport?
        var launchFailure: LaunchFailure?
        /// The last of what the function wrote, for a diagnosis.
        var outputTail: String
        var signal: Int32?
        /// Nobody reads what this command writes; it must not write more.
        var isOutputStuck = false
        /// Nobody took the response: a closed pipe, a full disk.
        var outputFailed: Bool
    }

    /// What the event loop tells the command.
    private final class Progress: Sendable {
        struct State {
            var outcome: InvocationOutcome?
            var report: InvocationReport?
            var launchFailure: LaunchFailure?
            var tail = LogTail()
            var outputFailed = false
            var invocation: NIOLoopBound<Invocation>?
        }
        // A lock that ThreadSanitizer sees: that of Synchronization waits inside the standard library.
        let state = NIOLockedValueBox(State())

        /// Nobody takes the response: a stream need not go on.
        func outputFailed(on eventLoop: any EventLoop) {
            let invocation = state.withLockedValue { state in
                state.outputFailed = true
                return state.invocation
            }
            guard let invocation else { return }
            eventLoop.execute { invocation.value.onCallerGone?() }
        }
    }

    /// Runs it. When it returns, nothing of the environment is left.
    func run(until termination: Termination) async throws -> Result {
        let loops = EventLoops.shared
        let progress = Progress()
        // The threads end with the process; joining them would only take time.
        let (signal, isWritten) = try await run(on: loops, progress, until: termination)
        return progress.state.withLockedValue { state in
            Result(
                outcome: state.outcome,
                report: state.report,
                launchFailure: state.launchFailure,
                outputTail: state.tail.text,
                signal: signal,
                isOutputStuck: !isWritten,
                outputFailed: state.outputFailed
            )
        }
    }

    private func run(
        on loops: EventLoops,
        _ progress: Progress,
        until termination: Termination
    ) async throws -> (signal: Int32?, isWritten: Bool) {
        let eventLoop = loops.eventLoop
        let log = try await loops.makeLog(descriptor: logDescriptor) { bytes in
            progress.state.withLockedValue { $0.tail.append(bytes) }
        }.get()
        let output = try await loops.makeLog(
            descriptor: outputDescriptor,
            onFailure: { progress.outputFailed(on: eventLoop) }
        ).get()
        let pool = try await openPool(on: loops, log: log, progress)
        let over = eventLoop.makePromise(of: Void.self)
        eventLoop.execute { submit(to: pool.value, output: output.value, progress, over) }
        let signal = await withTaskGroup(of: Int32?.self) { group in
            group.addTask { await termination.next() }
            group.addTask {
                try? await over.futureResult.get()
                return nil
            }
            let first = await group.next() ?? nil
            if first != nil {
                // A signal: ending the environment ends the invocation, and with it the other task.
                _ = try? await eventLoop.flatSubmit { pool.value.shutdown() }.get()
            }
            group.cancelAll()
            await group.waitForAll()
            return first
        }
        try await eventLoop.flatSubmit { pool.value.shutdown() }.get()
        return try await write([output, log], on: eventLoop, signal, until: termination)
    }

    /// How long, after a signal, the readers of our output may take for what is left of it.
    private static let patience = TimeAmount.seconds(1)

    /// Writes what is left. Without a signal the readers may take as long as they like.
    private func write(
        _ outputs: [NIOLoopBound<FunctionLog>],
        on eventLoop: any EventLoop,
        _ received: Int32?,
        until termination: Termination
    ) async throws -> (signal: Int32?, isWritten: Bool) {
        let written = eventLoop.makePromise(of: Bool.self)
        eventLoop.execute {
            EventLoopFuture.andAllComplete(outputs.map { $0.value.flush() }, on: eventLoop).whenComplete { _ in
                written.succeed(true)
            }
        }
        let interruption = Task { () -> Int32? in
            var signal = received
            if signal == nil { signal = await termination.next() }
            if signal != nil { eventLoop.scheduleTask(in: Self.patience) { written.succeed(false) } }
            return signal
        }
        let isWritten = try await written.futureResult.get()
        interruption.cancel()
        return (await interruption.value, isWritten)
    }

    private func openPool(
        on loops: EventLoops,
        log: NIOLoopBound<FunctionLog>,
        _ progress: Progress
    ) async throws -> NIOLoopBound<FunctionPool> {
        let configuration = configuration
        let eventLoop = loops.eventLoop
        let threadPool = loops.threadPool
        return try await eventLoop.flatSubmit {
            let pool = FunctionPool(
                configuration: configuration,
                eventLoop: eventLoop,
                threadPool: threadPool,
                log: log.value,
                onLaunchFailure: { failure in progress.state.withLockedValue { $0.launchFailure = failure } }
            )
            let bound = NIOLoopBound(pool, eventLoop: eventLoop)
            return pool.open().map { bound }
        }.get()
    }

    /// On the event loop: the response goes out as it comes, the rest is noted.
    private func submit(
        to pool: FunctionPool,
        output: FunctionLog,
        _ progress: Progress,
        _ over: EventLoopPromise<Void>
    ) {
        let invocation = Invocation(request: request, payload: ByteBuffer(bytes: payload))
        let bound = NIOLoopBound(invocation, eventLoop: pool.eventLoop)
        progress.state.withLockedValue { $0.invocation = bound }
        invocation.onPiece = { [weak invocation] piece in
            output.append(output: piece)
            guard output.isCongested else { return }
            invocation?.onCallerReady?(false)
            output.whenUncongested { invocation?.onCallerReady?(true) }
        }
        invocation.onAnswer = { outcome in
            progress.state.withLockedValue { $0.outcome = outcome }
            if let body = Self.body(of: outcome) { output.append(output: body) }
            output.flush().whenComplete { _ in }
        }
        invocation.onOver = { report in
            progress.state.withLockedValue { state in
                state.report = report
                state.invocation = nil
            }
            over.succeed(())
        }
        pool.submit(invocation)
    }

    /// What goes to standard output, the newline at its end included.
    private static func body(of outcome: InvocationOutcome) -> ByteBuffer? {
        switch outcome {
        case .success(var body), .functionError(_, var body), .initError(_, var body):
            body.writeStaticString("\n")
            return body
        case .failed(_, let error): return ByteBuffer(string: error.json + "\n")
        case .streamed, .streamFailed: return ByteBuffer(staticString: "\n")
        case .abandoned: return nil
        }
    }
}
