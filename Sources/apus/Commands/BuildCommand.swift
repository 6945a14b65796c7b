import ArgumentParser
import CommandProcess
import FunctionBuild
import LambdaModel
import SAMTemplate

struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build a template's functions and layers into .aws-sam/build, the layout that SAM uses.",
        discussion: """
            EXAMPLES
              apus build
              apus build HelloFunction --no-cached
              SAM_BUILD_MODE=debug apus build
              apus build --target-cpu haswell

            BuildMethod is makefile (`make build-LOGICALID` on a copy of the sources with ARTIFACTS_DIR set),
            rust-cargolambda, go1.x, swift, c, cpp, nasm, gas, zig, shell or none. Without one the sources decide.
            What has not changed is not built again.
            """
    )

    @Argument(help: "Logical ids of what to build; everything without them.")
    var functions: [String] = []

    @Option(name: [.customShort("b"), .long], help: ArgumentHelp("Where the artifacts go.", valueName: "dir"))
    var buildDir: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The CPU to compile for; make sees it as APUS_TARGET_CPU. (default: x86-64-v2 or neoverse-n1)",
            valueName: "cpu"
        )
    )
    var targetCpu: String?

    @Flag(
        name: [.customShort("c"), .long],
        inversion: .prefixedNo,
        help: "Keep what has not changed. (default: cached)"
    )
    var cached: Bool?

    @Option(
        name: .long,
        help: ArgumentHelp("How many to build at once. (default: one for each processor)", valueName: "n")
    )
    var jobs: Int?

    @OptionGroup var template: TemplateOptions
    @OptionGroup(visibility: .hidden) var unused: UnusedBuildOptions

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1") }
    }

    func run() async throws {
        unused.warn()
        let termination = Termination()
        let signal = try await Failure.reporting {
            let settings = try CommandSettings(template, command: ["build"])
            return try await BuildRun(command: self, settings: settings).run(until: termination)
        }
        if let signal { throw ExitCode(128 + signal) }
    }
}
