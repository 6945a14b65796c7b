import FunctionStore
import LambdaModel

/// Publishing versions and listing them.
enum VersionOperations {
    static let publish = ControlOperation(
        [
            FunctionMembers.name, .optional("CodeSha256", .string()), FunctionMembers.description,
            FunctionMembers.revision, FunctionMembers.publishTo,
        ],
        status: 201
    ) { call in
        var function = try call.function()
        try call.checkRevision(function.latest.revisionID)
        let current = call.context.identity(of: function.latest, in: function.name).sha256
        if let asked = call.string("CodeSha256"), !asked.isEmpty, asked != current {
            throw LambdaAPIError.invalidParameter(
                "CodeSHA256 (\(asked)) is different from current CodeSHA256 in $LATEST (\(current)). Please try again with the "
                    + "CodeSHA256 in $LATEST."
            )
        }
        let version = publish(&function, in: call)
        try call.save(function)
        return FunctionOperations.describe(version, of: function, qualifier: version.name, in: call)
    }

    static let list = ControlOperation([FunctionMembers.name, FunctionMembers.marker, FunctionMembers.maxItems]) {
        call in
        let function = try call.function(takesQualifier: true)
        let page = try call.page(all(of: function)) { Marker.key($0.number ?? 0) }
        return .members([
            "Versions": .array(
                page.items.map { FunctionOperations.describe($0, of: function, qualifier: $0.name, in: call) }
            ),
            "NextMarker": page.next.map(JSONValue.string),
        ])
    }

    /// `$LATEST` first, then in the order of their numbers.
    static func all(of function: StoredFunction) -> [StoredVersion] {
        [function.latest] + function.published.values.sorted { ($0.number ?? 0) < ($1.number ?? 0) }
    }

    /// A version of what `$LATEST` is now: a new one, or the last one where nothing has changed since.
    static func publish(_ function: inout StoredFunction, in call: ControlCall) -> StoredVersion {
        var version = function.latest
        version.code = snapshot(of: function.latest.code, in: function.name, call.context)
        if let last = function.published.values.max(by: { ($0.number ?? 0) < ($1.number ?? 0) }),
            last.code == version.code, last.layers == version.layers,
            settingsOfLatest(in: last) == version.settings
        {
            return last
        }
        if let description = call.string("Description") {
            version.settings = version.settings
                .setting(descriptionOfLatest, version.settings["Description"] ?? .null)
                .setting("Description", .string(description))
        }
        version.number = function.nextVersion
        version.revisionID = RequestIdentifier.random()
        function.published[function.nextVersion] = version
        function.nextVersion += 1
        return version
    }

    /// Of a version with a description of its own: the one that `$LATEST` had. It is for comparing alone.
    private static let descriptionOfLatest = "DescriptionOfLatest"

    /// What the settings of `$LATEST` were when a version was published.
    private static func settingsOfLatest(in version: StoredVersion) -> JSONValue {
        guard let description = version.settings[descriptionOfLatest] else { return version.settings }
        return version.settings
            .setting("Description", description == .null ? nil : description)
            .setting(descriptionOfLatest, nil)
    }

    /// Code that is used where it is may change there, a version's may not: it is packed and kept. Where that fails, as for
    /// an image, the version stays what `$LATEST` is.
    private static func snapshot(of code: StoredCode, in function: String, _ context: ControlContext) -> StoredCode {
        let path: String?
        switch code {
        case .archive: return code
        case .path(let place): path = place
        case .template: path = context.templateCode[function]
        }
        guard let path, let kept = try? context.code.pack(path) else { return code }
        return .archive(sha256: kept.sha256, size: kept.size)
    }
}
