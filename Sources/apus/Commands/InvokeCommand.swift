import ArgumentParser
import CommandProcess
import EmulatorFrontDoor
import ExecutionEnvironment
import LambdaModel
import SAMTemplate
import Sandbox

struct InvokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoke",
        abstract: "Run a function once: the response on standard output, the log on standard error.",
        discussion: """
            EXAMPLES
              apus invoke -e events/event.json
              apus invoke HelloFunction --env-vars env.json --parameter-overrides Stage=dev
              echo '{"n":1}' | apus invoke -e -
              apus invoke --code .aws-sam/build/HelloFunction --handler bin/app
              apus invoke --code function.zip --timeout 10 --memory 512 --env LEVEL=debug
              apus invoke --cpu rosetta2 -e events/event.json
              apus invoke --watch -e events/event.json

            The built template .aws-sam/build/template.yaml is used when there is one.
            Exit status: 0 the function answered, 1 it failed, 2 Apus could not run it, 64 wrong usage.
            """
    )

    @Argument(help: "The function's logical id or name; not needed when there is only one.")
    var function: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The event's file, or - for standard input.", valueName: "file"))
    var event: String?

    @Flag(name: .long, help: "Invoke with the event {}.")
    var noEvent = false

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Environment variables as JSON.", valueName: "file"))
    var envVars: String?

    @Option(name: [.customShort("l"), .long], help: ArgumentHelp("Append the log to this file.", valueName: "file"))
    var logFile: String?

    @Option(name: .long, help: ArgumentHelp("Client context: JSON, or base64 of it.", valueName: "json"))
    var clientContext: String?

    @Option(name: .long, help: ArgumentHelp("Write the invocation's figures as JSON.", valueName: "file"))
    var report: String?

    @Option(name: .long, help: CPUName.help)
    var cpu: String?

    @Flag(name: .long, help: "Build the function first, and build and run it again after each change.")
    var watch = false

    @OptionGroup(title: "TEMPLATE") var template: TemplateOptions
    @OptionGroup(title: "WITHOUT A TEMPLATE") var code: CodeOptions
    @OptionGroup(title: "ISOLATION") var isolation: BackendOptions
    @OptionGroup(visibility: .hidden) var unused: UnusedSAMOptions

    func validate() throws {
        if code.code != nil, template.template != nil {
            throw ValidationError("--code and --template-file exclude each other")
        }
        if let cpu { try CPUName.validate(cpu) }
        if cpu != nil, isolation.asksForContainer {
            throw ValidationError("--cpu is not possible in a container, where the engine gives the CPU")
        }
        if watch, event == "-" {
            throw ValidationError("--watch needs an event that can be read again: a file instead of standard input")
        }
        if noEvent, event != nil { throw ValidationError("--event and --no-event exclude each other") }
    }

    func run() async throws {
        unused.warn()
        let termination = Termination()
        if watch {
            let signal = try await Failure.reporting {
                try await withTaskExecutorPreference(CommandTasks.executor) {
                    var watched = try WatchedInvoke(command: self)
                    return try await watched.run(until: termination)
                }
            }
            throw ExitCode(128 + signal)
        }
        let result = try await Failure.reporting {
            try await withTaskExecutorPreference(CommandTasks.executor) {
                try await InvokeRun(command: self).run(until: termination)
            }
        }
        if let signal = result.signal { throw ExitCode(128 + signal) }
        guard result.outcome?.isSuccess == true else { throw ExitCode.failure }
    }
}
