import FunctionStore
import LambdaModel

/// Names for versions, with weights between two of them.
enum AliasOperations {
    private static let name = MemberKind.string(length: 1...128, pattern: .aliasName)
    private static let version = MemberKind.string(length: 1...1_024, pattern: .version)
    private static let routing = InputMember.optional(
        "RoutingConfig",
        .structure([.optional("AdditionalVersionWeights", .map(values: .number(0...1)))])
    )

    static let create = ControlOperation(
        [
            FunctionMembers.name, .required("Name", name), .required("FunctionVersion", version),
            FunctionMembers.description, routing,
        ],
        status: 201
    ) { call in
        var function = try call.function()
        let name = call.string("Name") ?? ""
        guard function[.alias, name] == nil else {
            throw LambdaAPIError.conflict("Alias already exists: \(call.context.arn(function.name, name))")
        }
        return try save(.members(["Name": .string(name)]), of: &function, in: &call)
    }

    static let get = ControlOperation([FunctionMembers.name, .path("Name", name)]) { call in
        let function = try call.function()
        return describe(try alias(of: function, in: call), of: function, in: call)
    }

    static let list = ControlOperation([
        FunctionMembers.name, .query("FunctionVersion", version), FunctionMembers.marker, FunctionMembers.maxItems,
    ]) { call in
        let function = try call.function()
        var aliases = function.documents(.alias)
        if let version = call.string("FunctionVersion") {
            aliases.removeAll { !versions(of: $0.body).contains(version) }
        }
        let page = try call.page(aliases) { $0.qualifier }
        return .members([
            "Aliases": .array(page.items.map { describe($0.body, of: function, in: call) }),
            "NextMarker": page.next.map(JSONValue.string),
        ])
    }

    static let update = ControlOperation([
        FunctionMembers.name, .path("Name", name), .optional("FunctionVersion", version), FunctionMembers.description,
        routing, FunctionMembers.revision,
    ]) { call in
        var function = try call.function()
        let old = try alias(of: function, in: call)
        try call.checkRevision(old["RevisionId"]?.stringValue ?? "")
        return try save(old, of: &function, in: &call)
    }

    static let delete = ControlOperation([FunctionMembers.name, .path("Name", name)], status: 204) { call in
        var function = try call.function()
        let name = call.string("Name") ?? ""
        // An alias that is not there is deleted, too: Lambda answers 204 again.
        for key in function.documents.keys where key.qualifier == name { function.documents[key] = nil }
        try call.save(function)
        return nil
    }

    /// Every version that an alias may send an invocation to, the main one first.
    static func versions(of alias: JSONValue) -> [String] {
        let others = alias["RoutingConfig"]?["AdditionalVersionWeights"]?.objectValue ?? []
        return [alias["FunctionVersion"]?.stringValue ?? ""] + others.map(\.name)
    }

    // MARK: Parts

    private static func alias(of function: StoredFunction, in call: ControlCall) throws(LambdaAPIError) -> JSONValue {
        let name = call.string("Name") ?? ""
        guard let alias = function[.alias, name] else {
            throw .resourceNotFound("Cannot find alias arn: \(call.context.arn(function.name, name))")
        }
        return alias
    }

    private static func save(
        _ old: JSONValue,
        of function: inout StoredFunction,
        in call: inout ControlCall
    ) throws -> JSONValue {
        var alias = old.setting("RevisionId", .string(RequestIdentifier.random()))
        for member in ["FunctionVersion", "Description", "RoutingConfig"] {
            if let value = call.input[member] { alias = alias.setting(member, value) }
        }
        if alias["RoutingConfig"]?["AdditionalVersionWeights"]?.objectValue?.isEmpty != false {
            alias = alias.setting("RoutingConfig", nil)
        }
        try check(alias, of: function, in: call)
        function[.alias, alias["Name"]?.stringValue ?? ""] = alias
        try call.save(function)
        return describe(alias, of: function, in: call)
    }

    private static func check(_ alias: JSONValue, of function: StoredFunction, in call: ControlCall)
        throws(LambdaAPIError)
    {
        let versions = versions(of: alias)
        for version in versions where function.version(version) == nil {
            throw .resourceNotFound("Function not found: \(call.context.arn(function.name, version))")
        }
        guard versions.count > 1 else { return }
        guard versions.count == 2 else {
            throw .invalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1")
        }
        guard !versions.contains("$LATEST") else {
            throw .invalidParameter("$LATEST is not supported for an alias pointing to more than 1 version")
        }
        guard versions[0] != versions[1] else {
            throw .invalidParameter(
                "Invalid function version \(versions[1]). Function version \(versions[1]) is already included in routing configuration."
            )
        }
    }

    private static func describe(_ alias: JSONValue, of function: StoredFunction, in call: ControlCall) -> JSONValue {
        let name = alias["Name"]?.stringValue ?? ""
        return .members([
            "AliasArn": .string(call.context.arn(function.name, name)),
            "Name": .string(name),
            "FunctionVersion": alias["FunctionVersion"],
            "Description": alias["Description"] ?? .string(""),
            "RoutingConfig": alias["RoutingConfig"],
            "RevisionId": alias["RevisionId"],
        ])
    }
}
