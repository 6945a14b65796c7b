import CommandProcess
import FunctionBuild
import LambdaModel
import SAMTemplate
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The work of `apus build`.
struct BuildRun {
    let command: BuildCommand
    let settings: CommandSettings

    /// - Returns: the signal that ended it, if one did; the tools have ended then too.
    func run(until termination: Termination) async throws -> Int32? {
        let template = try settings.template(prefersBuilt: false)
        for warning in template.warnings { Console.note(warning.description) }
        let selection = try BuildSelection(
            template,
            names: command.functions,
            targetCPU: settings.text(command.targetCpu, "target_cpu")
        )
        for (logicalID, reason) in selection.skipped { Console.note("\(logicalID): not built: \(reason)") }

        let directory = settings.text(command.buildDir, "build_dir") ?? CommandSettings.buildDirectory
        let builder = FunctionBuilder(
            buildDirectory: directory,
            jobs: settings.number(command.jobs, "jobs") ?? Self.processorCount,
            useCache: settings.flag(command.cached, "cached") ?? true
        )
        let outcome = await build(selection.requests, with: builder, until: termination)
        switch outcome {
        case .signal(let number): return number
        case .failed(let error):
            // The tool's output went by as it came.
            throw error.presented
        case .built(let results):
            let path = try BuiltTemplateFile.write(template, results: results, in: directory)
            for line in BuildWarnings(requests: selection.requests).lines(for: results) { Console.warning(line) }
            let built = results.count { !$0.isCached }
            Console.note("Build succeeded: \(built) built, \(results.count - built) unchanged, template \(path)")
            return nil
        }
    }

    private enum Outcome: Sendable {
        case built([BuildResult])
        case failed(BuildFailure)
        case signal(Int32)
    }

    private func build(
        _ requests: [BuildRequest],
        with builder: FunctionBuilder,
        until termination: Termination
    ) async -> Outcome {
        let progress = BuildProgress()
        return await withTaskGroup(of: Outcome?.self) { group in
            group.addTask {
                do throws(BuildFailure) {
                    return .built(try await builder.build(requests) { progress.show($0) })
                } catch {
                    return .failed(error)
                }
            }
            group.addTask { await termination.next().map { .signal($0) } }
            let first = await group.next() ?? nil
            // Either the build is over and the watch ends, or a signal ends the build and its tools.
            group.cancelAll()
            await group.waitForAll()
            return first ?? .signal(SIGTERM)
        }
    }

    private static var processorCount: Int {
        max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }
}

extension BuildFailure {
    /// For the user: which function, what, and what to do.
    fileprivate var presented: ApusError {
        ApusError(error.code, logicalID.map { "\($0): \(error.message)" } ?? error.message, hint: error.hint)
    }
}
