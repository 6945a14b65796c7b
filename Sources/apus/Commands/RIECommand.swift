import ArgumentParser
import EmulatorFrontDoor
import ExecutionEnvironment
import Inspection
import LambdaModel
import NIOCore
import NIOPosix

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

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
    var runtimeApiAddress = "127.0.0.1:9001"

    @Option(name: .long, help: ArgumentHelp("Where invocations are taken.", valueName: "host:port"))
    var runtimeInterfaceEmulatorAddress = "0.0.0.0:8080"

    @Option(name: .long, help: CPUName.help)
    var cpu: String?

    @Option(name: .long, help: "Accepted as in RIE: debug, info, warn, error, fatal, panic.")
    var logLevel = "info"

    @Argument(parsing: .captureForPassthrough, help: "The program to start, its arguments, and the handler last.")
    var command: [String] = []

    func validate() throws {
        if let cpu { try CPUName.validate(cpu) }
        // What follows the program is its own business; these stand before any program.
        if let first = command.first, first.hasPrefix("-") {
            if ["--help", "-h"].contains(first) { throw CleanExit.helpRequest(Self.self) }
            throw ValidationError("unknown option '\(first)'")
        }
        for address in [runtimeApiAddress, runtimeInterfaceEmulatorAddress] where Emulator.Address(address) == nil {
            throw ValidationError("'\(address)' is not an address such as 127.0.0.1:8080")
        }
    }

    func run() async throws {
        guard let frontDoor = Emulator.Address(runtimeInterfaceEmulatorAddress),
            let runtimeAPI = Emulator.Address(runtimeApiAddress)
        else { throw ExitCode.validationFailure }
        try await Failure.reporting {
            try await Self.serve(command: command, cpu: cpu, frontDoor: frontDoor, runtimeAPI: runtimeAPI)
        }
    }

    private static func serve(
        command: [String],
        cpu name: String?,
        frontDoor: Emulator.Address,
        runtimeAPI: Emulator.Address
    ) async throws {
        var environment = EmulatorEnvironment(
            arguments: command,
            variables: HostEnvironment.variables,
            currentDirectory: HostEnvironment.currentDirectory,
            isFile: { access($0, F_OK) == 0 }
        )
        let cpu = try SelectedCPU(
            named: name,
            architecture: environment.function.architecture,
            bootstrap: environment.command.first
        )
        if let notice = cpu.notice { Console.note(notice) }
        environment.emulation = cpu.emulation
        try await serve(environment, on: cpu, frontDoor: frontDoor, runtimeAPI: runtimeAPI)
    }

    private static func serve(
        _ environment: EmulatorEnvironment,
        on cpu: SelectedCPU,
        frontDoor: Emulator.Address,
        runtimeAPI: Emulator.Address
    ) async throws {
        let explaining = CrashExplaining(cpu: cpu, sourceDirectories: [environment.workingDirectory])
        let termination = Termination()
        let loops = EventLoops.shared
        let log = try await loops.makeLog(descriptor: STDERR_FILENO)
        let emulator: NIOLoopBound<Emulator>
        do {
            emulator = try await loops.eventLoop.flatSubmit {
                Emulator.start(
                    environment,
                    frontDoor: frontDoor,
                    runtimeAPI: runtimeAPI,
                    eventLoop: loops.eventLoop,
                    threadPool: loops.threadPool,
                    log: log.value,
                    onLaunchFailure: { explain($0, environment) },
                    explainCrash: explaining.explainer
                )
            }.get()
        } catch {
            await loops.shutdown()
            throw error
        }
        let signal = await termination.next()
        try? await loops.eventLoop.flatSubmit { emulator.value.shutdown() }.get()
        try? await loops.eventLoop.flatSubmit { log.value.flush() }.get()
        await loops.shutdown()
        throw ExitCode(128 + signal)
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
