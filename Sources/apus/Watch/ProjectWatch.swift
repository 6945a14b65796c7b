import CommandProcess
import LambdaModel
import SAMTemplate
import SourceWatch

/// Watches what a command goes by: the template's directory, code that lies elsewhere, files that the command line names.
struct ProjectWatch {
    private let watch: SourceWatch
    private let paths: Set<String>

    init(_ paths: Set<String>) {
        self.paths = paths
        watch = SourceWatch(Array(paths))
    }

    /// What there is to watch for a template; its directory alone where it cannot be read at the moment.
    static func paths(of settings: CommandSettings, files: [String?]) throws -> Set<String> {
        let path = try settings.templatePath(prefersBuilt: false)
        var paths: Set<String> = [CommandSettings.directory(of: path)]
        for case let file? in files where file != "-" { paths.insert(file) }
        guard let template = try? settings.template(prefersBuilt: false) else { return paths }
        for function in template.functions {
            if let code = function.code { paths.insert(code.path) }
            if let context = function.build.contextPath { paths.insert(template.directory + "/" + context) }
        }
        for layer in template.layers { if let content = layer.content { paths.insert(content.path) } }
        return paths
    }

    /// The same watch where there is nothing else to look at, so that no change is missed between two.
    func watching(_ paths: Set<String>) -> ProjectWatch {
        guard paths != self.paths else { return self }
        watch.stop()
        return ProjectWatch(paths)
    }

    func stop() { watch.stop() }

    enum Event: Sendable {
        case change
        case signal(Int32)
    }

    func next(until termination: Termination) async -> Event {
        await withTaskGroup(of: Event?.self) { group in
            group.addTask { [watch] in await watch.next() ? .change : nil }
            group.addTask { await termination.next().map { .signal($0) } }
            var first: Event?
            while first == nil, let event = await group.next() { first = event }
            group.cancelAll()
            await group.waitForAll()
            return first ?? .change
        }
    }
}
