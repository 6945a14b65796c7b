import CommandProcess
import FunctionBuild
import SAMTemplate

/// The work of `apus build`.
struct BuildRun {
    let command: BuildCommand
    let settings: CommandSettings

    /// - Returns: the signal that ended it, if one did; the tools have ended then too.
    func run(until termination: Termination) async throws -> Int32? {
        let template = try settings.template(prefersBuilt: false)
        for warning in template.warnings { Console.note(warning.description) }
        let build = try TemplateBuild(
            template,
            .init(
                directory: settings.text(command.buildDir, "build_dir") ?? CommandSettings.buildDirectory,
                jobs: settings.number(command.jobs, "jobs") ?? TemplateBuild.processorCount,
                useCache: settings.flag(command.cached, "cached") ?? true,
                targetCPU: settings.text(command.targetCpu, "target_cpu"),
                names: command.functions
            )
        )
        for (logicalID, reason) in build.selection.skipped { Console.note("\(logicalID): not built: \(reason)") }
        switch try await build.run(until: termination) {
        case .signal(let number): return number
        case .failed(let error): throw error
        case .built(let results, let path):
            let built = results.count { !$0.isCached }
            Console.note("Build succeeded: \(built) built, \(results.count - built) unchanged, template \(path)")
            return nil
        }
    }
}
