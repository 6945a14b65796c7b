import FunctionStore
import LambdaModel

/// What becomes of asynchronous invocations: retries, age, destinations.
///
/// Source: AWS Lambda API reference, `PutFunctionEventInvokeConfig`.
enum EventInvokeOperations {
    private static let destination = MemberKind.structure([
        .optional("Destination", .string(length: 0...350, pattern: .resourceOrNone))
    ])
    private static let settings: [InputMember] = [
        .optional("MaximumRetryAttempts", .integer(0...2)),
        .optional("MaximumEventAgeInSeconds", .integer(60...21_600)),
        .optional(
            "DestinationConfig",
            .structure([.optional("OnSuccess", destination), .optional("OnFailure", destination)])
        ),
    ]

    static let put = ControlOperation([FunctionMembers.name, FunctionMembers.qualifier] + settings) { call in
        var function = try call.function(takesQualifier: true)
        return try save(.object([]), of: &function, in: &call)
    }

    static let update = ControlOperation([FunctionMembers.name, FunctionMembers.qualifier] + settings) { call in
        var function = try call.function(takesQualifier: true)
        return try save(try config(of: function, in: call), of: &function, in: &call)
    }

    static let get = ControlOperation([FunctionMembers.name, FunctionMembers.qualifier]) { call in
        let function = try call.function(takesQualifier: true)
        return describe(
            try config(of: function, in: call),
            function,
            try call.existingQualifier(of: function),
            in: call
        )
    }

    static let list = ControlOperation([FunctionMembers.name, FunctionMembers.marker, FunctionMembers.fewItems]) {
        call in
        let function = try call.function()
        let page = try call.page(function.documents(.eventInvokeConfig)) { $0.qualifier }
        return .members([
            "FunctionEventInvokeConfigs": .array(
                page.items.map { describe($0.body, function, $0.qualifier, in: call) }
            ),
            "NextMarker": page.next.map(JSONValue.string),
        ])
    }

    static let delete = ControlOperation([FunctionMembers.name, FunctionMembers.qualifier], status: 204) { call in
        var function = try call.function(takesQualifier: true)
        _ = try config(of: function, in: call)
        function[.eventInvokeConfig, try call.existingQualifier(of: function)] = nil
        try call.save(function)
        return nil
    }

    // MARK: Parts

    private static func config(of function: StoredFunction, in call: ControlCall) throws(LambdaAPIError) -> JSONValue {
        let qualifier = try call.existingQualifier(of: function)
        guard let config = function[.eventInvokeConfig, qualifier] else {
            throw .resourceNotFound(
                "The function \(call.context.arn(function.name, qualifier.isEmpty ? "$LATEST" : qualifier)) doesn't have an EventInvokeConfig"
            )
        }
        return config
    }

    private static func save(
        _ old: JSONValue,
        of function: inout StoredFunction,
        in call: inout ControlCall
    ) throws -> JSONValue {
        let config = call.changed(old, settings.map(\.name), stamp: "lastModified")
        let qualifier = try call.existingQualifier(of: function)
        guard settings.contains(where: { config[$0.name] != nil }) else {
            throw LambdaAPIError.invalidParameter(
                "You must specify at least one of error handling or destination setting."
            )
        }
        function[.eventInvokeConfig, qualifier] = config
        try call.save(function)
        return describe(config, function, qualifier, in: call)
    }

    private static func describe(
        _ config: JSONValue,
        _ function: StoredFunction,
        _ qualifier: String,
        in call: ControlCall
    ) -> JSONValue {
        let milliseconds = config["lastModified"]?.intValue ?? 0
        let thousandths = String(milliseconds % 1_000 + 1_000).dropFirst()
        return .members([
            "LastModified": .number("\(milliseconds / 1_000).\(thousandths)"),
            "FunctionArn": .string(call.context.arn(function.name, qualifier.isEmpty ? "$LATEST" : qualifier)),
            "MaximumRetryAttempts": config["MaximumRetryAttempts"],
            "MaximumEventAgeInSeconds": config["MaximumEventAgeInSeconds"],
            // Lambda shows both, those that are not set as empty.
            "DestinationConfig": .members([
                "OnSuccess": config["DestinationConfig"]?["OnSuccess"] ?? .object([]),
                "OnFailure": config["DestinationConfig"]?["OnFailure"] ?? .object([]),
            ]),
        ])
    }
}
