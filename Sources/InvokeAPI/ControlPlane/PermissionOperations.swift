import FunctionStore
import LambdaModel

/// The statements of a function's policy. They are kept and answered; nothing here asks who calls.
enum PermissionOperations {
    private static let statement = MemberKind.string(length: 1...100, pattern: .statementID)

    static let add = ControlOperation(
        [
            FunctionMembers.name, FunctionMembers.qualifier,
            .required("StatementId", statement),
            .required("Action", .string(pattern: .action)),
            .required("Principal", .string(length: 0...2_048, pattern: .principal)),
            .optional("SourceArn", .string(pattern: .resource)),
            .optional("SourceAccount", .string(length: 0...12, pattern: .account)),
            .optional("EventSourceToken", .string(length: 0...256, pattern: .eventSourceToken)),
            .optional("PrincipalOrgID", .string(length: 12...34, pattern: .organization)),
            .optional("FunctionUrlAuthType", .choice(["NONE", "AWS_IAM"])),
            .optional("InvokedViaFunctionUrl", .boolean),
            FunctionMembers.revision,
        ],
        status: 201
    ) { call in
        var function = try call.function(takesQualifier: true)
        let qualifier = try call.existingQualifier(of: function)
        var policy = Policy(stored: function[.policy, qualifier])
        try policy.check(call)
        try policy.add(
            Self.statement(call, resource: call.context.arn(function.name, qualifier.isEmpty ? nil : qualifier))
        )
        function[.policy, qualifier] = policy.stored
        try call.save(function)
        return .members(["Statement": .string(policy.statements.last?.text ?? "")])
    }

    static let get = ControlOperation([FunctionMembers.name, FunctionMembers.qualifier]) { call in
        let function = try call.function(takesQualifier: true)
        let policy = try policy(of: function, try call.existingQualifier(of: function))
        return .members(["Policy": .string(policy.document.text), "RevisionId": .string(policy.revision)])
    }

    static let remove = ControlOperation(
        [
            FunctionMembers.name, .path("StatementId", statement), FunctionMembers.qualifier,
            .query("RevisionId", .string()),
        ],
        status: 204
    ) { call in
        var function = try call.function(takesQualifier: true)
        let qualifier = try call.existingQualifier(of: function)
        var policy = try policy(of: function, qualifier)
        try policy.check(call)
        try policy.remove(call.string("StatementId") ?? "")
        function[.policy, qualifier] = policy.stored
        try call.save(function)
        return nil
    }

    private static func policy(of function: StoredFunction, _ qualifier: String) throws(LambdaAPIError) -> Policy {
        guard let stored = function[.policy, qualifier] else {
            throw .resourceNotFound("The resource you requested does not exist.")
        }
        return Policy(stored: stored)
    }

    /// Source: AWS Lambda developer guide, "Working with resource-based IAM policies".
    private static func statement(_ call: ControlCall, resource: String) -> JSONValue {
        let principal = call.string("Principal") ?? ""
        var conditions: JSONValue = .object([])
        for (member, test, key) in [
            ("SourceArn", "ArnLike", "AWS:SourceArn"), ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
            ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
            ("EventSourceToken", "StringEquals", "lambda:EventSourceToken"),
            ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
        ] {
            guard let value = call.input[member] else { continue }
            conditions = conditions.setting(test, (conditions[test] ?? .object([])).setting(key, value))
        }
        if let isViaURL = call.input["InvokedViaFunctionUrl"]?.boolValue {
            conditions = conditions.setting(
                "Bool",
                .members(["lambda:InvokedViaFunctionUrl": .string(isViaURL ? "true" : "false")])
            )
        }
        return .members([
            "Sid": call.input["StatementId"],
            "Effect": .string("Allow"),
            "Principal": who(principal, in: call.context),
            "Action": call.input["Action"],
            "Resource": .string(resource),
            "Condition": conditions.objectValue?.isEmpty == true ? nil : conditions,
        ])
    }

    private static func who(_ principal: String, in context: ControlContext) -> JSONValue {
        if principal == "*" { return .string("*") }
        if principal.hasPrefix("arn:") { return .members(["AWS": .string(principal)]) }
        let isAccount = ConstraintPattern.account.matches(principal)
        return isAccount
            ? .members(["AWS": .string("arn:aws:iam::\(principal):root")]) : .members(["Service": .string(principal)])
    }
}
