import FunctionStore
import LambdaModel

/// Settings that have no effect on this machine, which are kept and given back.
enum ManagementOperations {
    static let putRecursion = ControlOperation([
        FunctionMembers.name, .required("RecursiveLoop", .choice(["Allow", "Terminate"])),
    ]) { call in
        var function = try call.function()
        function[.recursionConfig, ""] = .members(["RecursiveLoop": call.input["RecursiveLoop"]])
        try call.save(function)
        return function[.recursionConfig, ""]
    }

    static let getRecursion = ControlOperation([FunctionMembers.name]) { call in
        try call.function()[.recursionConfig, ""] ?? .members(["RecursiveLoop": .string("Terminate")])
    }

    static let putRuntime = ControlOperation([
        FunctionMembers.name, FunctionMembers.qualifier,
        .required("UpdateRuntimeOn", .choice(["Auto", "Manual", "FunctionUpdate"])),
        .optional("RuntimeVersionArn", .string(length: 26...2_048)),
    ]) { call in
        var function = try call.function(takesQualifier: true)
        let qualifier = try call.existingQualifier(of: function)
        let isManual = call.string("UpdateRuntimeOn") == "Manual"
        guard isManual == (call.input["RuntimeVersionArn"] != nil) else {
            throw LambdaAPIError.invalidParameter(
                isManual
                    ? "The RuntimeVersionArn must be specified when UpdateRuntimeOn is set to Manual"
                    : "RuntimeVersionArn can only be specified when UpdateRuntimeOn is set to Manual"
            )
        }
        function[.runtimeManagement, qualifier] = .members([
            "UpdateRuntimeOn": call.input["UpdateRuntimeOn"], "RuntimeVersionArn": call.input["RuntimeVersionArn"],
        ])
        try call.save(function)
        return describe(function, qualifier, in: call)
    }

    static let getRuntime = ControlOperation([FunctionMembers.name, FunctionMembers.qualifier]) { call in
        let function = try call.function(takesQualifier: true)
        return describe(function, try call.existingQualifier(of: function), in: call)
    }

    private static func describe(_ function: StoredFunction, _ qualifier: String, in call: ControlCall) -> JSONValue {
        let config = function[.runtimeManagement, qualifier] ?? .members(["UpdateRuntimeOn": .string("Auto")])
        return config.setting(
            "FunctionArn",
            .string(call.context.arn(function.name, qualifier.isEmpty ? "$LATEST" : qualifier))
        )
    }
}
