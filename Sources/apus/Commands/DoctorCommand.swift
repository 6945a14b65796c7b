import ArgumentParser
import CommandProcess
import LambdaModel

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at this machine: what its CPU really executes, emulators, build tools, and what is missing.",
        discussion: """
            EXAMPLES
              apus doctor
              apus doctor --format json

            CPU features are found by executing instructions, not by asking the CPU for them.
            Exit status: 0, or 1 when Apus cannot run functions on this machine.
            """
    )

    @Option(name: .long, help: "text or json.")
    var format = OutputFormat.text

    func run() async throws {
        let examination = Examination(variables: HostEnvironment.variables)
        let report = examination.report()
        examination.finish()
        switch format {
        case .text: Console.output(DoctorText.forStandardOutput.render(report))
        case .json: Console.output(DoctorJSON.render(report))
        }
        guard report.isReady else { throw ExitCode.failure }
    }
}
