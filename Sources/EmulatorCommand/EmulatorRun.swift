import CommandProcess
package import EmulatorFrontDoor
package import ExecutionEnvironment
package import LambdaModel
import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Serves a function from the opening of the ports to the signal that ends it.
package struct EmulatorRun: Sendable {
    private let environment: EmulatorEnvironment
    private let arguments: EmulatorArguments
    private let logLevel: EmulatorLogLevel
    private let explainLaunchFailure: @Sendable (LaunchFailure) -> Void
    private let explainCrash: CrashExplainer?

    /// - Parameters:
    ///   - explainLaunchFailure: tells the user why the function could not be started.
    ///   - explainCrash: puts a crash into words for the log; `nil`: processes are not looked at.
    package init(
        _ environment: EmulatorEnvironment,
        arguments: EmulatorArguments,
        explainLaunchFailure: @escaping @Sendable (LaunchFailure) -> Void,
        explainCrash: CrashExplainer? = nil
    ) {
        self.environment = environment
        self.arguments = arguments
        logLevel = .chosen(option: arguments.logLevel, variable: environment.inherited["LOG_LEVEL"])
        self.explainLaunchFailure = explainLaunchFailure
        self.explainCrash = explainCrash
    }

    /// Serves until a signal comes; nothing is left running then.
    ///
    /// - Returns: the signal's number.
    /// - Throws: an `ApusError` when an address cannot be bound.
    package func serve() async throws -> Int32 {
        let termination = Termination()
        let loops = EventLoops.shared
        warn()
        let log = try await loops.makeLog(descriptor: STDERR_FILENO)
        let emulator: NIOLoopBound<Emulator>
        do {
            emulator = try await loops.eventLoop.flatSubmit { start(loops, log.value) }.get()
        } catch {
            await loops.shutdown()
            throw error
        }
        announce()
        let signal = await termination.next()
        try? await loops.eventLoop.flatSubmit { emulator.value.shutdown() }.get()
        try? await loops.eventLoop.flatSubmit { log.value.flush() }.get()
        await loops.shutdown()
        return signal
    }

    /// On the event loop.
    private func start(_ loops: EventLoops, _ log: FunctionLog) -> EventLoopFuture<NIOLoopBound<Emulator>> {
        Emulator.start(
            environment,
            frontDoor: arguments.frontDoor,
            runtimeAPI: arguments.runtimeAPI,
            eventLoop: loops.eventLoop,
            threadPool: loops.threadPool,
            log: log,
            onLaunchFailure: explainLaunchFailure,
            explainCrash: explainCrash,
            trace: logLevel > .debug ? nil : { log.append(output: ByteBuffer(string: $0 + "\n")) }
        )
    }

    private func warn() {
        guard arguments.enablesInitCaching, logLevel <= .warning else { return }
        Console.warning("--enable-init-caching has no effect: a failed init is tried again at the next invocation")
    }

    /// What will be started, as AWS's emulator says it, and where to send events.
    private func announce() {
        guard logLevel <= .info else { return }
        let program = environment.command.first ?? ""
        Console.note(
            "exec '\(program)' (cwd=\(environment.workingDirectory), handler=\(environment.function.handler)), "
                + "invocations at \(arguments.frontDoor)"
        )
    }
}
