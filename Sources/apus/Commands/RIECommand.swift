import ArgumentParser
import CommandProcess
import EmulatorCommand
import EmulatorFrontDoor
import Inspection
import LambdaModel
import NIOCore

struct RIECommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rie",
        abstract: "Stand in for aws-lambda-rie: serve one function for an image.",
        discussion: """
            EXAMPLES
              apus rie /var/task/bootstrap app.handler
              apus rie --runtime-interface-emulator-address 127.0.0.1:9000 ./bootstrap
              curl -d '{}' http://127.0.0.1:9000/2015-03-31/functions/function/invocations

            Without a command, the bootstrap is looked for in /var/task, /opt and /var/runtime.
            AWS_LAMBDA_FUNCTION_TIMEOUT, _NAME, _VERSION, _MEMORY_SIZE and _HANDLER describe the function.
            """
    )

    @Option(name: .long, help: ArgumentHelp("Where the Runtime API listens.", valueName: "host:port"))
    var runtimeApiAddress = EmulatorArguments.defaultRuntimeAPIAddress

    @Option(name: .long, help: ArgumentHelp("Where invocations are taken.", valueName: "host:port"))
    var runtimeInterfaceEmulatorAddress = EmulatorArguments.defaultFrontDoorAddress

    @Option(name: .long, help: CPUName.help)
    var cpu: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "debug, info, warn, error, fatal or panic. (default: $LOG_LEVEL, else info)",
            valueName: "level"
        )
    )
    var logLevel: String?

    @Flag(name: .long, help: "Accepted as in RIE, without effect.")
    var enableInitCaching = false

    @Argument(
        parsing: .captureForPassthrough,
        help: "The program to start, its arguments, and the handler last; the options of RIE are taken out."
    )
    var command: [String] = []

    func validate() throws {
        if let cpu { try CPUName.validate(cpu) }
        switch try arguments().request {
        case .serve: break
        case .help: throw CleanExit.helpRequest(Self.self)
        case .version: throw CleanExit.message(ApusVersion.current)
        }
    }

    func run() async throws {
        let arguments = try arguments().arguments
        try await Failure.reporting {
            try await withTaskExecutorPreference(CommandTasks.executor) {
                try await Self.serve(arguments, cpu: cpu)
            }
        }
    }

    /// What the options and the words behind them say together.
    private func arguments() throws -> (request: EmulatorArguments.Request, arguments: EmulatorArguments) {
        var arguments = EmulatorArguments()
        do {
            try arguments.set(.runtimeAPIAddress, to: runtimeApiAddress)
            try arguments.set(.frontDoorAddress, to: runtimeInterfaceEmulatorAddress)
            if let logLevel { try arguments.set(.logLevel, to: logLevel) }
            if enableInitCaching { try arguments.set(.initCaching, to: "") }
            return (try arguments.read(command), arguments)
        } catch {
            throw ValidationError(error.description)
        }
    }

    private static func serve(_ arguments: EmulatorArguments, cpu name: String?) async throws {
        var environment = EmulatorEnvironment.ofThisProcess(command: arguments.command)
        let cpu = try SelectedCPU(
            named: name,
            architecture: environment.function.architecture,
            bootstrap: environment.command.first
        )
        if let notice = cpu.notice { Console.note(notice) }
        environment.emulation = cpu.emulation
        let run = EmulatorRun(
            environment,
            arguments: arguments,
            explainLaunchFailure: { [environment] in explain($0, environment) },
            explainCrash: CrashExplaining(cpu: cpu, sourceDirectories: [environment.workingDirectory]).explainer
        )
        if let signal = try await serve(run) { throw ExitCode(128 + signal) }
    }

    /// Serves until a signal comes; nothing is left running then.
    ///
    /// - Returns: the signal's number.
    private static func serve(_ run: EmulatorRun) async throws -> Int32? {
        let termination = Termination()
        let loops = EventLoops.shared
        let emulator = try await run.open(on: loops).get()
        let signal = await termination.next()
        try? await emulator.close(on: loops.eventLoop).get()
        // The threads end with the process; one of them may be stuck in a write that nobody reads.
        return signal
    }

    /// The cause in plain words, beside the error object that the caller gets.
    private static func explain(_ failure: LaunchFailure, _ environment: EmulatorEnvironment) {
        let lines = StartupExplanation.explain(
            failure,
            taskRoot: environment.workingDirectory,
            bootstrapPath: environment.command.first,
            handler: environment.function.handler,
            architecture: environment.function.architecture
        )
        Console.explanation(lines)
    }
}
