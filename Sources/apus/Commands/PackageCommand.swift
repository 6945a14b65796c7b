import ArgumentParser
import CommandProcess
import FunctionBuild
import LambdaModel
import SAMTemplate

struct PackageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "package",
        abstract: "Pack functions and layers for the upload to Lambda: the same code, the same bytes.",
        discussion: """
            EXAMPLES
              apus build && apus package --output-template-file packaged.yaml
              apus package HelloFunction -o out
              apus package --format dir

            The built template .aws-sam/build/template.yaml is used when there is one.
            The template goes to standard output without --output-template-file, as with SAM; with functions named,
            the paths of their packages do.
            """
    )

    @Argument(help: "Logical ids of the functions and layers to pack; all of the template without them.")
    var functions: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where the packages go. (default: .aws-sam/package)", valueName: "dir")
    )
    var outputDir: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Write the template, its local paths replaced by those of the packages.", valueName: "file")
    )
    var outputTemplateFile: String?

    @Option(name: .long, help: "zip or dir.")
    var format: PackageFormat = .zip

    @Flag(name: .long, help: "The template as JSON.")
    var useJson = false

    @OptionGroup var template: TemplateOptions
    @OptionGroup(visibility: .hidden) var unused: UnusedPackageOptions

    func run() async throws {
        unused.warn()
        let termination = Termination()
        let signal = try await Failure.reporting {
            let settings = try CommandSettings(template, command: ["package"])
            return try await PackageRun(command: self, settings: settings).run(until: termination)
        }
        if let signal { throw ExitCode(128 + signal) }
    }
}

extension PackageFormat: ExpressibleByArgument {}
