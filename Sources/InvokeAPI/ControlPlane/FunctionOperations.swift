import FunctionStore
import LambdaModel

/// Creating, describing, changing and deleting functions.
///
/// Source: AWS Lambda API reference.
enum FunctionOperations {
    static let create = ControlOperation(
        [FunctionMembers.nameInBody] + FunctionMembers.settings.filter { $0.name != "Role" }
            + FunctionMembers.refusedAtCreation + [
                .required("Role", .string(pattern: .role)),
                .required("Code", .structure(FunctionMembers.code)),
                .optional("Publish", .boolean),
                .optional("PackageType", .choice(["Zip", "Image"])),
                .optional("Tags", FunctionMembers.tags),
                .optional("Architectures", FunctionMembers.architectures),
            ],
        status: 201,
        upload: .structure("Code")
    ) { call in
        let reference = try call.reference()
        guard reference.name.utf8.count <= 64, reference.qualifier == nil else {
            throw LambdaAPIError.validation(
                call.string("FunctionName") ?? "",
                at: "functionName",
                length: "less than or equal to 64"
            )
        }
        guard try call.transaction.function(named: reference.name) == nil else {
            throw LambdaAPIError.conflict("Function already exist: \(reference.name)")
        }
        guard let code = call.code else {
            throw LambdaAPIError.invalidParameter("Please provide a source for function code.")
        }
        var settings = FunctionSettings(members: .object([]))
        for member in ["PackageType", "Architectures"] {
            settings.members = settings.members.setting(member, call.input[member])
        }
        settings.update(with: call.input)
        try settings.check()
        let version = StoredVersion(
            settings: settings.members,
            code: code,
            layers: try FunctionLayers.references(call.input["Layers"], code: code, in: call),
            lastModified: call.context.epochMilliseconds(),
            revisionID: RequestIdentifier.random()
        )
        var function = StoredFunction(name: reference.name, latest: version)
        if let tags = call.input["Tags"], tags.objectValue?.isEmpty == false { function[.tags, ""] = tags }
        return try finish(&function, in: &call)
    }

    static let get = ControlOperation([FunctionMembers.name, FunctionMembers.qualifier]) { call in
        let function = try call.function(takesQualifier: true)
        let qualifier = try call.reference().qualifier
        let version = try call.version(qualifier, of: function)
        return .members([
            "Configuration": describe(version, of: function, qualifier: qualifier, in: call),
            "Code": location(of: version, in: call),
            "Tags": function[.tags, ""],
            "Concurrency": function.reservedConcurrency.map {
                .members(["ReservedConcurrentExecutions": .integer($0)])
            },
        ])
    }

    static let getConfiguration = ControlOperation([FunctionMembers.name, FunctionMembers.qualifier]) { call in
        let function = try call.function(takesQualifier: true)
        let qualifier = try call.reference().qualifier
        return describe(try call.version(qualifier, of: function), of: function, qualifier: qualifier, in: call)
    }

    static let list = ControlOperation([
        .query("MasterRegion", .string(length: 1...50)), .query("FunctionVersion", .choice(["ALL"])),
        FunctionMembers.marker, FunctionMembers.maxItems,
    ]) { call in
        var items: [(key: String, description: () -> JSONValue)] = []
        let isAll = call.string("FunctionVersion") == "ALL"
        let context = call.context
        for name in try call.transaction.functionNames() {
            guard let function = try call.transaction.function(named: name) else { continue }
            let versions = isAll ? VersionOperations.all(of: function) : [function.latest]
            for version in versions {
                items.append(
                    (
                        // A space, because it comes before all that a name may hold.
                        name + " " + Marker.key(version.number ?? 0),
                        {
                            FunctionDescription(function: function, version: version, context: context)
                                .json(qualifier: isAll ? version.name : nil)
                        }
                    )
                )
            }
        }
        let page = try call.page(items) { $0.key }
        return .members([
            "Functions": .array(page.items.map { $0.description() }), "NextMarker": page.next.map(JSONValue.string),
        ])
    }

    static let updateCode = ControlOperation(
        [FunctionMembers.name] + FunctionMembers.code + [
            .optional("Publish", .boolean), .optional("DryRun", .boolean), FunctionMembers.revision,
            FunctionMembers.publishTo,
            .optional("Architectures", FunctionMembers.architectures),
        ],
        upload: .members
    ) { call in
        var function = try call.function()
        try call.checkRevision(function.latest.revisionID)
        guard let code = call.code else {
            throw LambdaAPIError.invalidParameter("Please provide a source for function code.")
        }
        function.latest.code = code
        if let architectures = call.input["Architectures"] {
            function.latest.settings = function.latest.settings.setting("Architectures", architectures)
        }
        try FunctionLayers.checkSize(of: function.latest, in: call)
        touch(&function, in: call)
        guard !call.bool("DryRun") else { return describe(function.latest, of: function, qualifier: nil, in: call) }
        return try finish(&function, in: &call)
    }

    static let updateConfiguration = ControlOperation(
        [FunctionMembers.name] + FunctionMembers.settings + [FunctionMembers.revision]
    ) { call in
        var function = try call.function()
        try call.checkRevision(function.latest.revisionID)
        var settings = FunctionSettings(members: function.latest.settings)
        settings.update(with: call.input)
        try settings.check()
        function.latest.settings = settings.members
        if call.input["Layers"] != nil {
            function.latest.layers = try FunctionLayers.references(
                call.input["Layers"],
                code: function.latest.code,
                in: call
            )
        }
        touch(&function, in: call)
        return try finish(&function, in: &call)
    }

    static let delete = ControlOperation([FunctionMembers.name, FunctionMembers.qualifier], status: 204) { call in
        var function = try call.function(takesQualifier: true)
        guard let qualifier = try call.reference().qualifier else {
            try call.delete(function)
            return nil
        }
        guard qualifier != "$LATEST" else {
            throw LambdaAPIError.invalidParameter("$LATEST version cannot be deleted without deleting the function.")
        }
        guard let number = Int(qualifier) else {
            throw LambdaAPIError.invalidParameter("Deletion of aliases is not currently supported.")
        }
        guard function.published[number] != nil else {
            throw LambdaAPIError.functionNotFound(call.context.arn(function.name, qualifier))
        }
        let aliases = function.documents(.alias).filter { AliasOperations.versions(of: $0.body).contains(qualifier) }
        guard aliases.isEmpty else {
            throw LambdaAPIError.conflict(
                "Unable to delete version because the following aliases reference it: "
                    + "[\(aliases.map(\.qualifier).joined(separator: ", "))]"
            )
        }
        function.published[number] = nil
        for key in function.documents.keys where key.qualifier == qualifier { function.documents[key] = nil }
        try call.save(function)
        return nil
    }

    // MARK: Parts

    static func describe(
        _ version: StoredVersion,
        of function: StoredFunction,
        qualifier: String?,
        in call: ControlCall
    ) -> JSONValue {
        FunctionDescription(function: function, version: version, context: call.context).json(qualifier: qualifier)
    }

    /// A change of the function itself gives it a new revision.
    private static func touch(_ function: inout StoredFunction, in call: ControlCall) {
        function.latest.lastModified = call.context.epochMilliseconds()
        function.latest.revisionID = RequestIdentifier.random()
    }

    /// Keeps the function, and publishes a version of it where the request asks for that.
    private static func finish(_ function: inout StoredFunction, in call: inout ControlCall) throws -> JSONValue {
        guard call.bool("Publish") else {
            try call.save(function)
            return describe(function.latest, of: function, qualifier: nil, in: call)
        }
        let version = VersionOperations.publish(&function, in: call)
        try call.save(function)
        return describe(version, of: function, qualifier: version.name, in: call)
    }

    private static func location(of version: StoredVersion, in call: ControlCall) -> JSONValue {
        guard case .archive(let sha256, _) = version.code else {
            return .members(["RepositoryType": .string("local")])
        }
        return .members([
            "RepositoryType": .string("S3"),
            "Location": .string("\(call.context.address)\(CodeDownload.path)\(sha256).zip"),
        ])
    }
}
