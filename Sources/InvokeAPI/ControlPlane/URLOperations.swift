import Crypto
import FunctionStore
import LambdaModel

/// The settings of function URLs. They are kept for the server that will answer at those URLs.
enum URLOperations {
    private static let name = FunctionMembers.name
    private static let qualifier = InputMember.query("Qualifier", .string(length: 1...128, pattern: .aliasName))
    private static let authentication = MemberKind.choice(["NONE", "AWS_IAM"])
    private static let headers = MemberKind.list(of: .string(length: 0...1_024), count: 0...100)
    private static let settings: [InputMember] = [
        .optional("InvokeMode", .choice(["BUFFERED", "RESPONSE_STREAM"])),
        .optional(
            "Cors",
            .structure([
                .optional("AllowCredentials", .boolean),
                .optional("AllowHeaders", headers),
                .optional("AllowMethods", .list(of: .string(length: 0...6), count: 0...6)),
                .optional("AllowOrigins", .list(of: .string(length: 1...253), count: 0...100)),
                .optional("ExposeHeaders", headers),
                .optional("MaxAge", .integer(0...86_400)),
            ])
        ),
    ]

    static let create = ControlOperation(
        [name, qualifier, .required("AuthType", authentication)] + settings,
        status: 201
    ) { call in
        var function = try call.function(takesQualifier: true)
        let qualifier = try qualifierInUse(of: function, in: call)
        guard function[.url, qualifier] == nil else {
            throw LambdaAPIError.conflict(
                "Failed to create function url config for [functionArn = \(arn(function, qualifier, in: call))]. "
                    + "Error message:  FunctionUrlConfig exists for this Lambda function"
            )
        }
        let created = JSONValue.members(["created": .integer(Int(call.context.epochMilliseconds()))])
        return try save(created, of: &function, qualifier, in: &call).setting("LastModifiedTime", nil)
    }

    static let get = ControlOperation([name, qualifier]) { call in
        let function = try call.function(takesQualifier: true)
        let qualifier = try qualifierInUse(of: function, in: call)
        return describe(try config(of: function, qualifier), function, qualifier, in: call)
    }

    static let list = ControlOperation([name, FunctionMembers.marker, FunctionMembers.fewItems]) { call in
        let function = try call.function()
        let page = try call.page(function.documents(.url)) { $0.qualifier }
        return .members([
            "FunctionUrlConfigs": .array(page.items.map { describe($0.body, function, $0.qualifier, in: call) }),
            "NextMarker": page.next.map(JSONValue.string),
        ])
    }

    static let update = ControlOperation([name, qualifier, .optional("AuthType", authentication)] + settings) { call in
        var function = try call.function(takesQualifier: true)
        let qualifier = try qualifierInUse(of: function, in: call)
        return try save(try config(of: function, qualifier), of: &function, qualifier, in: &call)
    }

    static let delete = ControlOperation([name, qualifier], status: 204) { call in
        var function = try call.function(takesQualifier: true)
        let qualifier = try qualifierInUse(of: function, in: call)
        _ = try config(of: function, qualifier)
        function[.url, qualifier] = nil
        try call.save(function)
        return nil
    }

    // MARK: Parts

    private static func qualifierInUse(of function: StoredFunction, in call: ControlCall) throws(LambdaAPIError)
        -> String
    {
        guard let qualifier = try call.reference().qualifier, qualifier != "$LATEST" else { return "" }
        guard function[.alias, qualifier] != nil else {
            throw .resourceNotFound("Function does not exist: \(call.context.arn(function.name, qualifier))")
        }
        return qualifier
    }

    private static func config(of function: StoredFunction, _ qualifier: String) throws(LambdaAPIError) -> JSONValue {
        guard let config = function[.url, qualifier] else {
            throw .resourceNotFound("The resource you requested does not exist.")
        }
        return config
    }

    private static func save(
        _ old: JSONValue,
        of function: inout StoredFunction,
        _ qualifier: String,
        in call: inout ControlCall
    ) throws -> JSONValue {
        let config = call.changed(old, ["AuthType", "InvokeMode", "Cors"], stamp: "modified")
        function[.url, qualifier] = config
        try call.save(function)
        return describe(config, function, qualifier, in: call)
    }

    private static func describe(
        _ config: JSONValue,
        _ function: StoredFunction,
        _ qualifier: String,
        in call: ControlCall
    ) -> JSONValue {
        func date(_ member: String) -> JSONValue {
            .string(ControlContext.date(Int64(config[member]?.intValue ?? 0)))
        }
        return .members([
            "FunctionUrl": .string(url(function, qualifier, in: call)),
            "FunctionArn": .string(arn(function, qualifier, in: call)),
            "AuthType": config["AuthType"],
            "Cors": config["Cors"],
            "CreationTime": date("created"),
            "LastModifiedTime": date("modified"),
            "InvokeMode": config["InvokeMode"] ?? .string("BUFFERED"),
        ])
    }

    private static func arn(_ function: StoredFunction, _ qualifier: String, in call: ControlCall) -> String {
        call.context.arn(function.name, qualifier.isEmpty ? nil : qualifier)
    }

    /// The same for a function at all times: the id is made of its ARN.
    private static func url(_ function: StoredFunction, _ qualifier: String, in call: ControlCall) -> String {
        let hash = CodeStore.hexadecimal(SHA256.hash(data: Array(arn(function, qualifier, in: call).utf8)))
        return "https://\(hash.prefix(32)).lambda-url.\(call.context.region).on.aws/"
    }
}
