import CommandProcess
import ExecutionEnvironment
import FunctionBuild
import InvokeAPI
import LambdaModel
import SAMTemplate

/// The functions of a template as a server runs them, and what has become another one since it was read last.
struct ServedProject {
    let command: StartLambdaCommand
    let settings: CommandSettings
    let starter: CommandFunctionStarter
    /// Where artifacts may be replaced while functions run.
    var snapshots: ArtifactSnapshots?

    private(set) var functions: [ServedTemplateFunction] = []
    /// What the functions were made of, by their logical ids.
    private var sources: [String: TemplateFunction] = [:]

    init(command: StartLambdaCommand, settings: CommandSettings, starter: CommandFunctionStarter) {
        self.command = command
        self.settings = settings
        self.starter = starter
    }

    /// Reads the template, and makes what is new or has changed ready.
    ///
    /// - Parameter results: of the build that was just made; none has to be.
    /// - Returns: names of the functions that are new or other ones now.
    @discardableResult
    mutating func read(_ template: SAMTemplate, after results: [BuildResult] = []) throws -> Set<String> {
        let overrides = try settings.text(command.envVars, "env_vars").map { try EnvironmentOverrides(path: $0) }
        let rebuilt = Set(results.filter { !$0.isCached }.map(\.logicalID))
        let old = Dictionary(functions.map { ($0.logicalID, $0) }) { first, _ in first }
        var changed: Set<String> = []
        var next: [ServedTemplateFunction] = []
        var nextSources: [String: TemplateFunction] = [:]
        for var function in template.functions {
            if let overrides { function = try overrides.apply(to: function).0 }
            let id = function.logicalID
            let parts = Set([id] + function.layers.map(\.logicalID))
            if let same = old[id], sources[id]?.runs(as: function) == true, parts.isDisjoint(with: rebuilt) {
                next.append(same)
                nextSources[id] = function
                continue
            }
            do {
                next.append(try prepare(function))
                nextSources[id] = function
                changed.insert(function.configuration.name)
            } catch let error as ApusError {
                // One that cannot be run does not keep the others from it.
                Console.warning("\(id) is not served: \(error.message)")
            }
        }
        guard !next.isEmpty else {
            throw ApusError("serve.nothing", "\(template.path) has no function that can be served")
        }
        functions = next
        sources = nextSources
        return changed
    }

    private func prepare(_ function: TemplateFunction) throws -> ServedTemplateFunction {
        let backend =
            function.image == nil
            ? starter.backend : try SelectedBackend(forImageOf: function.configuration, command.isolation)
        let starter = CommandFunctionStarter(backend: backend, cpu: command.cpu, credentials: starter.credentials)
        guard let snapshots, case .directory(let path)? = function.code else { return try starter.prepare(function) }
        let snapshot = try snapshots.make(of: path)
        var frozen = function
        frozen.code = .directory(path: snapshot)
        do {
            var served = try starter.prepare(frozen)
            let remove = served.startable.remove
            served.startable.remove = {
                remove()
                ArtifactSnapshots.remove(snapshot)
            }
            // What publishing packs is the artifact.
            served.code = function.code
            return served
        } catch {
            ArtifactSnapshots.remove(snapshot)
            throw error
        }
    }
}

extension TemplateFunction {
    /// Whether it would run as the other one does; where it stands in its file makes no difference.
    fileprivate func runs(as other: TemplateFunction) -> Bool {
        configuration == other.configuration && code == other.code && layers == other.layers && image == other.image
    }
}
