import FunctionStore
import LambdaModel

/// Brings the functions of a template into the store, so that versions, aliases and all else can hang on them: those that
/// are new are added, those that have changed are brought up to date, those that the template has no more are removed.
enum TemplateImport {
    /// - Returns: all functions of the store.
    static func run(_ templates: [ServedTemplateFunction], in context: ControlContext) throws -> [StoredFunction] {
        let (names, changed) = try context.records.read { transaction in
            let names = Set(templates.map(\.configuration.name))
            let stored = try transaction.functionNames()
            let changed = try templates.contains { template in
                let old = try transaction.function(named: template.configuration.name)
                return try old != merged(template, old, in: context, revisions: { old?.latest.revisionID ?? "" })
            }
            let gone = try stored.contains { name in
                guard !names.contains(name) else { return false }
                return try transaction.function(named: name)?.isFromTemplate == true
            }
            return (names, changed || gone)
        }
        // Nothing is written, and nothing waits for a disk, where nothing has changed.
        if changed { try write(templates, names, in: context) }
        return try context.records.read { transaction in
            try transaction.functionNames().compactMap { try transaction.function(named: $0) }
        }
    }

    /// The members of `CreateFunction` that would make the same function.
    static func settings(of template: ServedTemplateFunction) -> JSONValue {
        let function = template.configuration
        let variables = function.environment.sorted { $0.key < $1.key }.map { pair in
            JSONValue.Member(name: pair.key, value: .string(pair.value))
        }
        let logging = function.logging
        return .members([
            "Runtime": template.code == nil ? nil : .string(function.runtime.identifier),
            "Handler": template.code == nil ? nil : .string(function.handler),
            "PackageType": .string(template.code == nil ? "Image" : "Zip"),
            "Architectures": .array([.string(function.architecture.rawValue)]),
            "Timeout": .integer(function.timeout),
            "MemorySize": .integer(function.memorySize),
            "EphemeralStorage": .members(["Size": .integer(function.ephemeralStorage)]),
            "Environment": variables.isEmpty ? nil : .members(["Variables": .object(variables)]),
            "DeadLetterConfig": function.eventInvoke.deadLetterTarget.map { .members(["TargetArn": .string($0)]) },
            "LoggingConfig": .members([
                "LogFormat": .string(logging.format.rawValue),
                "ApplicationLogLevel": logging.applicationLevel.map { .string($0.rawValue) },
                "SystemLogLevel": logging.systemLevel.map { .string($0.rawValue) },
                "LogGroup": logging.logGroup.map(JSONValue.string),
            ]),
        ])
    }

    // MARK: Parts

    private static func write(
        _ templates: [ServedTemplateFunction],
        _ names: Set<String>,
        in context: ControlContext
    ) throws {
        try context.records.write { transaction in
            for name in try transaction.functionNames() where !names.contains(name) {
                if try transaction.function(named: name)?.isFromTemplate == true {
                    try transaction.deleteFunction(named: name)
                }
            }
            for template in templates {
                let old = try transaction.function(named: template.configuration.name)
                try transaction.save(merged(template, old, in: context, revisions: RequestIdentifier.random))
            }
        }
    }

    /// What is to be stored: the template wins over what was there under its name, and what hangs on that stays.
    private static func merged(
        _ template: ServedTemplateFunction,
        _ old: StoredFunction?,
        in context: ControlContext,
        revisions: () -> String
    ) throws -> StoredFunction {
        let settings = settings(of: template)
        var result =
            old
            ?? StoredFunction(
                name: template.configuration.name,
                latest: StoredVersion(
                    settings: settings,
                    code: .template,
                    lastModified: context.epochMilliseconds(),
                    revisionID: revisions()
                )
            )
        result.isFromTemplate = true
        if let reserved = template.configuration.reservedConcurrency { result.reservedConcurrency = reserved }
        if let events = EventSettings.document(template.configuration.eventInvoke) {
            let same = result[.eventInvokeConfig, ""]?.setting("lastModified", nil) == events
            if !same {
                result[.eventInvokeConfig, ""] = events.setting(
                    "lastModified",
                    .integer(Int(context.epochMilliseconds()))
                )
            }
        } else if result[.eventInvokeConfig, ""]?["fromTemplate"] != nil {
            result[.eventInvokeConfig, ""] = nil
        }
        PublishedAlias(template.configuration).merge(
            into: &result,
            revisions: revisions,
            epochMilliseconds: context.epochMilliseconds
        )
        if result.latest.settings != settings || result.latest.code != .template || !result.latest.layers.isEmpty {
            result.latest.settings = settings
            result.latest.code = .template
            result.latest.layers = []
            result.latest.lastModified = context.epochMilliseconds()
            result.latest.revisionID = revisions()
        }
        return result
    }
}
