import ExecutionEnvironment
import FunctionPool
import FunctionStore
import LambdaModel
package import NIOCore
import NIOPosix

/// All functions that a server runs, as invocations find them. Belongs to the event loop.
package final class ServedFunctions {
    /// What one server may cost.
    package struct Limits: Sendable {
        /// Invocations at the same time, all functions together.
        package var concurrency: Int
        /// Invocations of a function that may wait, where Lambda answers 429.
        package var waiting: Int
        /// How long an environment may rest before it is ended.
        package var idleTime: TimeAmount

        package init(concurrency: Int = 1_000, waiting: Int = 0, idleTime: TimeAmount = .minutes(5)) {
            self.concurrency = concurrency
            self.waiting = waiting
            self.idleTime = idleTime
        }
    }

    let shop: EnvironmentShop
    /// Of all functions together.
    let account: ConcurrencyLimit
    /// Of those for which nothing is reserved.
    let unreserved: ConcurrencyLimit
    private let limits: Limits
    private let context: ControlContext
    private let starter: any FunctionStarter
    private var templates: [String: ServedTemplateFunction] = [:]
    /// Of the template's functions, by their names: how often their code was replaced.
    private var generations: [String: Int] = [:]
    /// Names of the template's functions whose first environments are not made yet.
    private var untouched: Set<String> = []
    private var functions: [String: ServedFunction] = [:]
    /// Logical ids of the template.
    private var logicalIDs: [String: String] = [:]
    private var isClosed = false
    /// Versions that are coming to their end.
    private var retiring: [ObjectIdentifier: ServedVersion] = [:]
    /// Told when nothing of a version is left that has been replaced or deleted.
    var onRetired: (() -> Void)?
    /// Told the name of a function that is new, has changed or is gone.
    var onChanged: ((String) -> Void)?

    init(
        templates: [ServedTemplateFunction],
        limits: Limits,
        context: ControlContext,
        starter: any FunctionStarter,
        shop: EnvironmentShop
    ) {
        self.limits = limits
        self.context = context
        self.starter = starter
        self.shop = shop
        account = ConcurrencyLimit(limits.concurrency)
        unreserved = ConcurrencyLimit(limits.concurrency, parent: account)
        take(templates)
    }

    private func take(_ templates: [ServedTemplateFunction]) {
        self.templates = Dictionary(templates.map { ($0.configuration.name, $0) }) { first, _ in first }
        logicalIDs = [:]
        for template in templates { logicalIDs[template.logicalID] = template.configuration.name }
        untouched.formUnion(self.templates.keys)
    }

    /// Takes over the functions of a template that has been built anew. What runs comes to its end in its old environment.
    ///
    /// - Parameters:
    ///   - changed: names of those whose code is another one now.
    ///   - stored: all functions of the store, the template brought into it.
    func replaceTemplates(
        _ templates: [ServedTemplateFunction],
        changed: Set<String>,
        stored: [StoredFunction]
    ) {
        let kept = untouched
        take(templates)
        // Those that have not changed are as they were.
        untouched = kept.union(changed).intersection(self.templates.keys)
        for name in changed { generations[name, default: 0] += 1 }
        var changes: [String: StoredFunction?] = [:]
        for name in functions.keys { changes[name] = .some(nil) }
        for function in stored { changes[function.name] = .some(function) }
        apply(changes)
    }

    func generation(of name: String) -> Int { generations[name] ?? 0 }

    /// Sorted.
    var names: [String] { functions.keys.sorted() }

    /// By its name or by its logical id.
    func function(named name: String) -> ServedFunction? {
        functions[name] ?? logicalIDs[name].flatMap { functions[$0] }
    }

    /// - Parameter name: of a function or its logical id; where there is neither, as it is.
    func arn(_ name: String, _ qualifier: String?) -> String {
        context.arn(function(named: name)?.name ?? name, qualifier)
    }

    /// Takes over changes of the store; `nil` stands for a function that was deleted.
    func apply(_ changes: [String: StoredFunction?]) {
        guard !isClosed else { return }
        for (name, stored) in changes {
            guard let stored else {
                if let gone = functions.removeValue(forKey: name) { gone.versions.values.forEach(retire) }
                continue
            }
            let function = functions[name] ?? ServedFunction(stored)
            functions[name] = function
            function.update(stored, in: self).forEach(retire)
        }
        let reserved = functions.values.reduce(0) { $0 + ($1.stored.reservedConcurrency ?? 0) }
        // Lambda leaves 100 to them and refuses to reserve more; under a small --concurrency a template may have reserved all
        // there is, and one function after another is better than never.
        unreserved.setLimit(max(1, limits.concurrency - reserved))
        changes.keys.forEach { onChanged?($0) }
    }

    /// What has become of a function's provisioned environments, by `name:version`.
    func readiness(of name: String) -> [String: ProvisionedReadiness] {
        guard let function = function(named: name) else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: function.versions.map { ("\(function.name):\($0.key)", $0.value.readiness) }
        )
    }

    /// Archives in the store that are in use.
    var archives: Set<String> {
        let versions = functions.values.flatMap(\.versions.values) + retiring.values
        return Set(
            versions.flatMap { [$0.identity.code.archiveSHA256].compactMap { $0 } + $0.identity.layers.map(\.sha256) }
        )
    }

    /// Ends all environments. Nothing is left running when the future succeeds.
    func shutdown() -> EventLoopFuture<Void> {
        isClosed = true
        let versions = functions.values.flatMap(\.versions.values) + retiring.values
        return EventLoopFuture.andAllComplete(versions.map { $0.shutdown() }, on: shop.eventLoop)
    }

    // MARK: Parts

    var poolLimits: FunctionPool.Limits {
        FunctionPool.Limits(
            // The limit on invocations is what bounds a function; it may change while its environments live.
            environments: limits.concurrency,
            waiting: limits.waiting,
            idleTime: limits.idleTime
        )
    }

    func preparation(of version: StoredVersion, in function: StoredFunction) -> FunctionPreparation {
        let (starter, context, template) = (starter, context, templates[function.name])
        let settings = FunctionSettings(members: version.settings)
        if version.code == .template, let template, version.settings == TemplateImport.settings(of: template),
            // What was made ready for it is gone with the first version that has used it.
            template.code == nil || untouched.remove(function.name) != nil
        {
            return FunctionPreparation(make: { template.startable }, discard: template.startable.remove)
        }
        let configuration = settings.configuration(of: function, version: version, in: context)
        return FunctionPreparation {
            let layers = try version.layers.map {
                FunctionCode.directory(path: try context.code.contents(of: $0.sha256))
            }
            let code: FunctionCode
            switch version.code {
            case .archive(let sha256, _): code = .directory(path: try context.code.contents(of: sha256))
            case .path(let path): code = .directory(path: path)
            case .template:
                guard let place = template?.code else {
                    throw ApusError("function.image", "the settings of a container image are changed in its template")
                }
                code = place
            }
            return try starter.prepare(configuration, code: code, layers: (template?.layers ?? []) + layers)
        }
    }

    private func retire(_ version: ServedVersion) {
        let key = ObjectIdentifier(version)
        retiring[key] = version
        let bound = NIOLoopBound(self, eventLoop: shop.eventLoop)
        version.retire().whenComplete { _ in
            bound.value.retiring[key] = nil
            bound.value.onRetired?()
        }
    }
}
