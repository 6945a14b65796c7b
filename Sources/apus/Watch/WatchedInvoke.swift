import CommandProcess
import FunctionBuild
import InvokeAPI
import LambdaModel
import SAMTemplate

/// `apus invoke --watch`: builds the function and runs it, and again after each change, until a signal comes. An error is
/// shown, and the next change is waited for. Files that were saved as they were are no change.
struct WatchedInvoke {
    let command: InvokeCommand
    private let settings: CommandSettings
    /// What the last attempt went by besides the sources, which the build compares.
    private var contents: [CodeIdentity] = []

    init(command: InvokeCommand) throws {
        self.command = command
        settings = try CommandSettings(command.template, command: ["local", "invoke"])
    }

    /// - Returns: the signal's number.
    mutating func run(until termination: Termination) async throws -> Int32 {
        var watch = ProjectWatch(try paths())
        defer { watch.stop() }
        while true {
            switch await attempt(until: termination) {
            case .signal(let number): return number
            case .over: Console.note("waiting for a change; Ctrl-C ends")
            case .unchanged: break
            }
            watch = watch.watching(try paths())
            if case .signal(let number) = await watch.next(until: termination) { return number }
        }
    }

    private enum Attempt: Sendable {
        case over
        case unchanged
        case signal(Int32)
    }

    private var files: [String] {
        let event = command.noEvent ? nil : settings.text(command.event, "event")
        return [event, settings.text(command.envVars, "env_vars")].compactMap(\.self)
    }

    private func paths() throws -> Set<String> {
        guard let code = command.code.code else { return try ProjectWatch.paths(of: settings, files: files) }
        return Set([code] + command.code.layer + files)
    }

    /// One build and one invocation.
    private mutating func attempt(until termination: Termination) async -> Attempt {
        let before = contents
        contents = currentContents()
        let isSame = contents == before
        do {
            return try await Failure.reporting {
                guard command.code.code == nil else {
                    return isSame ? .unchanged : try await invoke(nil, until: termination)
                }
                switch try await build(until: termination) {
                case .built(let results, let template):
                    if isSame, results.allSatisfy(\.isCached) { return .unchanged }
                    return try await invoke(template, until: termination)
                case .failed(let error): throw error
                case .signal(let number): return .signal(number)
                }
            }
        } catch {
            // It was shown; what is put right is a change, and so is what is taken back.
            contents = []
            return .over
        }
    }

    private func currentContents() -> [CodeIdentity] {
        var places = files
        if let code = command.code.code {
            places += [code] + command.code.layer
        } else if let template = try? settings.templatePath(prefersBuilt: false) {
            places.append(template)
        }
        return places.map { CodeIdentity(path: $0) }
    }

    private func invoke(_ template: String?, until termination: Termination) async throws -> Attempt {
        var run = InvokeRun(command: command)
        run.builtTemplate = template
        return try await run.run(until: termination).signal.map { .signal($0) } ?? .over
    }

    private func build(until termination: Termination) async throws -> TemplateBuild.Outcome {
        let template = try settings.template(prefersBuilt: false)
        let function = try template.function(named: settings.text(command.function, "function_logical_id"))
        let build = try TemplateBuild(template, .init(names: [function.logicalID], showsUnchanged: false))
        return try await build.run(until: termination)
    }
}
