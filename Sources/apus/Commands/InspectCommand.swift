import ArgumentParser
import LambdaModel

struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Will it start, will it run, on which CPUs not, and why: read from the files, without running them.",
        discussion: """
            EXAMPLES
              apus inspect HelloFunction
              apus inspect .aws-sam/build/HelloFunction --cpu rosetta2
              apus inspect function.zip --cpu lambda-x86_64 --cpu x86-64-v2 --format json

            Exit status: 0 nothing to report, 1 it will not start, or will fail on a CPU asked for, 3 it may fail,
            2 Apus could not look. Without --cpu all CPUs are shown, and Lambda's decides.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A directory, zip or executable file, or a function of the template; not needed when it has only one.",
            valueName: "path|function"
        )
    )
    var target: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A CPU to judge by; may be repeated. host is this machine's. (default: all)",
            valueName: "name"
        )
    )
    var cpu: [String] = []

    @Option(name: .long, help: "text or json.")
    var format = OutputFormat.text

    @Option(name: .long, help: "x86_64 or arm64. (default: the function's, or that of the files)")
    var architecture: String?

    @Option(name: .long, help: "The runtime. (default: the function's, or provided.al2023)")
    var runtime: String?

    @Option(name: .long, help: ArgumentHelp("A layer; may be given up to five times.", valueName: "dir|zip"))
    var layer: [String] = []

    @Flag(name: .long, inversion: .prefixedNo, help: "Keep what was found out about a file. (default: cached)")
    var cached: Bool?

    @OptionGroup(title: "TEMPLATE") var template: TemplateOptions

    func validate() throws {
        if let architecture, Architecture(rawValue: architecture) == nil {
            throw ValidationError("--architecture takes x86_64 or arm64, not '\(architecture)'")
        }
        if layer.count > Quotas.layers { throw ValidationError("a function has at most \(Quotas.layers) layers") }
        for name in cpu { try CPUName.validate(name) }
    }

    func run() async throws {
        let status = try await Failure.reporting {
            let settings = try CommandSettings(template, command: ["inspect"])
            return try InspectRun(command: self, settings: settings).run()
        }
        guard status == 0 else { throw ExitCode(status) }
    }
}
