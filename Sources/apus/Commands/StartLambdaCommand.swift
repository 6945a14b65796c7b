import ArgumentParser
import CommandProcess

struct StartLambdaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start-lambda",
        abstract: "Serve the functions of a template as the AWS Lambda API.",
        discussion: """
            EXAMPLES
              apus start-lambda
              aws lambda invoke --endpoint-url http://127.0.0.1:3001 --function-name HelloFunction out.json
              apus start-lambda -p 4000 --concurrency 100 --idle-time 60
              apus start-lambda --watch

            Every function of the template is known by its FunctionName and its logical id. The built template
            .aws-sam/build/template.yaml is used when there is one. Ctrl-C ends it, and every function with it.
            """
    )

    @Option(name: [.customShort("p"), .long], help: "The port; 0 lets the system choose.")
    var port = 3001

    @Option(name: .long, help: "The address to listen at.")
    var host = "127.0.0.1"

    @Option(
        name: .long,
        help: ArgumentHelp("Another name that requests may use as Host; may be repeated.", valueName: "name")
    )
    var allowHost: [String] = []

    @Flag(name: .long, help: "Let invocations wait for an environment, where Lambda answers 429.")
    var queue = false

    @Option(name: .long, help: ArgumentHelp("Invocations at the same time, all functions together.", valueName: "n"))
    var concurrency = 1_000

    @Option(
        name: .long,
        help: ArgumentHelp("How long an environment may rest before it is ended.", valueName: "seconds")
    )
    var idleTime = 300

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Where asynchronous invocations are kept until they are over.",
            discussion: "Default: a directory of the template's own below ~/.local/state/apus.",
            valueName: "dir"
        )
    )
    var stateDir: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What the waits of asynchronous invocations are multiplied by: 0.001 makes a minute 60 ms.",
            valueName: "factor"
        )
    )
    var timeScale = 1.0

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Environment variables as JSON.", valueName: "file"))
    var envVars: String?

    @Option(name: [.customShort("l"), .long], help: ArgumentHelp("Append the log to this file.", valueName: "file"))
    var logFile: String?

    @Option(name: .long, help: CPUName.help)
    var cpu: String?

    @Flag(name: .long, help: "Build the functions first, and what changes again; what runs comes to its end.")
    var watch = false

    @OptionGroup(title: "TEMPLATE") var template: TemplateOptions
    @OptionGroup(title: "ISOLATION") var isolation: BackendOptions
    @OptionGroup(visibility: .hidden) var unused: UnusedSAMOptions

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be from 0 to 65535") }
        guard (1...10_000).contains(concurrency) else { throw ValidationError("--concurrency must be from 1 to 10000") }
        guard (1...86_400).contains(idleTime) else { throw ValidationError("--idle-time must be from 1 to 86400") }
        guard timeScale > 0, timeScale <= 1_000 else {
            throw ValidationError("--time-scale must be more than 0 and at most 1000")
        }
        if let cpu { try CPUName.validate(cpu) }
    }

    func run() async throws {
        unused.warn()
        let termination = Termination()
        let signal = try await Failure.reporting {
            try await withTaskExecutorPreference(CommandTasks.executor) {
                try await StartLambdaRun(command: self).run(until: termination)
            }
        }
        if let signal { throw ExitCode(128 + signal) }
    }
}
