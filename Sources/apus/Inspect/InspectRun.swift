import CommandProcess
import Inspection
import LambdaModel

/// The work of `apus inspect`.
struct InspectRun {
    let command: InspectCommand
    let settings: CommandSettings

    /// - Returns: the exit status.
    func run() throws -> Int32 {
        let target = try InspectionTarget(command.target, command: command, settings: settings)
        let profiles = try command.cpu.map { try Self.profile($0, target.architecture) }
        let isCached = settings.flag(command.cached, "cached") ?? true
        let inspection = PackageInspection(
            title: target.title,
            architecture: target.architecture,
            runtime: target.runtime,
            handler: target.handler,
            build: target.build,
            cache: isCached ? AnalysisCache.standard(variables: HostEnvironment.variables) : nil
        )
        let report = try target.withContents { inspection.inspect($0, profiles: profiles) }
        switch command.format {
        case .text: Console.output(report.text)
        case .json: Console.output(report.json + "\n")
        }
        return report.exitStatus
    }

    static func profile(_ name: String, _ architecture: Architecture?) throws(ApusError) -> CPUProfile {
        try CPUProfile.profile(named: name, architecture: architecture) {
            CPUProfile.host(architecture: .host, features: HostCPU.features())
        }
    }
}
