import CommandProcess
import FunctionBuild
import LambdaModel
import SAMTemplate

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Functions and layers of a template that are built, and the template that says where they are then.
struct TemplateBuild {
    struct Settings {
        /// As on the command line: where artifacts go.
        var directory = CommandSettings.buildDirectory
        /// How many are built at once.
        var jobs = TemplateBuild.processorCount
        var useCache = true
        var targetCPU: String?
        /// Logical ids; empty means everything.
        var names: [String] = []
        /// Whether what has not changed is named.
        var showsUnchanged = true
    }

    enum Outcome: Sendable {
        /// - `template`: the path of the built template.
        case built([BuildResult], template: String)
        /// A tool's output went by as it came.
        case failed(ApusError)
        /// The tools have ended, too.
        case signal(Int32)
    }

    let template: SAMTemplate
    let settings: Settings
    let selection: BuildSelection

    init(_ template: SAMTemplate, _ settings: Settings) throws(ApusError) {
        self.template = template
        self.settings = settings
        selection = try BuildSelection(template, names: settings.names, targetCPU: settings.targetCPU)
    }

    /// Builds what has changed, and shows what happens.
    func run(until termination: Termination) async throws -> Outcome {
        let builder = FunctionBuilder(
            buildDirectory: settings.directory,
            jobs: settings.jobs,
            useCache: settings.useCache
        )
        switch await build(with: builder, until: termination) {
        case .signal(let number): return .signal(number)
        case .failed(let error): return .failed(error)
        case .built(let results):
            let path = try BuiltTemplateFile.write(template, results: results, in: settings.directory)
            for line in BuildWarnings(requests: selection.requests).lines(for: results) { Console.warning(line) }
            return .built(results, template: path)
        }
    }

    private enum Step: Sendable {
        case built([BuildResult])
        case failed(ApusError)
        case signal(Int32)
    }

    private func build(with builder: FunctionBuilder, until termination: Termination) async -> Step {
        let progress = BuildProgress(showsUnchanged: settings.showsUnchanged)
        let requests = selection.requests
        return await withTaskGroup(of: Step?.self) { group in
            group.addTask {
                do throws(BuildFailure) {
                    return .built(try await builder.build(requests) { progress.show($0) })
                } catch {
                    return .failed(error.presented)
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

    static var processorCount: Int {
        max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }
}

extension BuildFailure {
    /// For the user: which function, what, and what to do.
    fileprivate var presented: ApusError {
        ApusError(error.code, logicalID.map { "\($0): \(error.message)" } ?? error.message, hint: error.hint)
    }
}
