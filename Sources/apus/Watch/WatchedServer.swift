import CommandProcess
import InvokeAPI
import LambdaModel
import NIOCore
import SAMTemplate

/// `apus start-lambda --watch`: builds what has changed, and gives the server what came of it. A build that fails is shown,
/// and the last good one goes on.
struct WatchedServer {
    let command: StartLambdaCommand
    let settings: CommandSettings
    private var watch: ProjectWatch

    init(command: StartLambdaCommand, settings: CommandSettings) throws {
        self.command = command
        self.settings = settings
        watch = ProjectWatch(try ProjectWatch.paths(of: settings, files: [settings.text(command.envVars, "env_vars")]))
    }

    /// Builds until there is something to serve.
    ///
    /// - Returns: the signal that came first, if one did.
    mutating func begin(_ project: inout ServedProject, until termination: Termination) async throws -> Int32? {
        while true {
            switch await attempt(&project, until: termination) {
            case .changed: return nil
            case .signal(let number): return number
            case .failed:
                Console.note("waiting for a change; Ctrl-C ends")
                if case .signal(let number) = await watch.next(until: termination) { return number }
            }
        }
    }

    /// Follows the sources until a signal comes.
    mutating func follow(
        _ project: inout ServedProject,
        _ server: NIOLoopBound<LambdaServer>,
        until termination: Termination
    ) async -> Int32 {
        defer { watch.stop() }
        while true {
            if case .signal(let number) = await watch.next(until: termination) { return number }
            switch await attempt(&project, until: termination) {
            case .failed: Console.note("what was built before is served on")
            case .signal(let number): return number
            case .changed(let names): await reload(project.functions, names, server)
            }
        }
    }

    private enum Attempt {
        /// Names of functions.
        case changed(Set<String>)
        /// It was shown.
        case failed
        case signal(Int32)
    }

    private mutating func attempt(_ project: inout ServedProject, until termination: Termination) async -> Attempt {
        let files = [settings.text(command.envVars, "env_vars")]
        if let paths = try? ProjectWatch.paths(of: settings, files: files) { watch = watch.watching(paths) }
        do {
            return try await Failure.reporting {
                let template = try settings.template(prefersBuilt: false)
                for warning in template.warnings { Console.note(warning.description) }
                switch try await TemplateBuild(template, .init(showsUnchanged: false)).run(until: termination) {
                case .signal(let number): return .signal(number)
                case .failed(let error): throw error
                case .built(let results, let path):
                    var built = settings
                    built.builtTemplate = path
                    return .changed(try project.read(built.template(prefersBuilt: true), after: results))
                }
            }
        } catch {
            return .failed
        }
    }

    private func reload(
        _ functions: [ServedTemplateFunction],
        _ changed: Set<String>,
        _ server: NIOLoopBound<LambdaServer>
    ) async {
        do {
            try await EventLoops.shared.eventLoop.flatSubmit { server.value.reload(functions, changed: changed) }.get()
            if !changed.isEmpty { Console.note("serving \(changed.sorted().joined(separator: ", ")) as built now") }
        } catch {
            Console.error("the store could not take the functions: \(error)")
        }
    }
}
