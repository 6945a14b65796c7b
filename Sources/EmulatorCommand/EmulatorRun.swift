package import CommandProcess
package import EmulatorFrontDoor
package import ExecutionEnvironment
package import LambdaModel
package import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Serves a function as a command line asks for it.
///
/// Futures, not tasks: those of Swift run on Dispatch, whose threads end a process where there is no /proc.
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

    /// Opens the ports, and says so.
    ///
    /// - Returns: fails with an `ApusError` when an address cannot be bound.
    package func open(on loops: EventLoops) -> EventLoopFuture<OpenEmulator> {
        warn()
        return loops.makeLog(descriptor: STDERR_FILENO).flatMap { log in
            start(loops, log.value).map { emulator in
                announce(port: emulator.value.port)
                return OpenEmulator(emulator: emulator, log: log)
            }
        }
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
            explanationExecutor: explainCrash.map { _ in CommandTasks.executor },
            trace: logLevel > .debug ? nil : { log.append(output: ByteBuffer(string: $0 + "\n")) }
        )
    }

    private func warn() {
        guard arguments.enablesInitCaching, logLevel <= .warning else { return }
        Console.warning("--enable-init-caching has no effect: a failed init is tried again at the next invocation")
    }

    /// What will be started, as AWS's emulator says it, and where to send events.
    private func announce(port: Int) {
        guard logLevel <= .info else { return }
        var frontDoor = arguments.frontDoor
        // As bound, where any port was asked for.
        frontDoor.port = port
        let program = environment.command.first ?? ""
        Console.note(
            "exec '\(program)' (cwd=\(environment.workingDirectory), handler=\(environment.function.handler)), "
                + "invocations at \(frontDoor)"
        )
    }
}
