import FunctionStore
import LambdaModel

/// Environments that are kept ready for a version or an alias.
///
/// Source: AWS Lambda developer guide, "Configuring provisioned concurrency".
enum ProvisionedConcurrencyOperations {
    private static let qualifier = InputMember(
        name: "Qualifier",
        place: .query("Qualifier"),
        isRequired: true,
        kind: .string(length: 1...128, pattern: .qualifier)
    )

    static let put = ControlOperation(
        [
            FunctionMembers.name, qualifier,
            .required("ProvisionedConcurrentExecutions", .integer(1...Int(Int32.max))),
        ],
        status: 202
    ) { call in
        var function = try call.function(takesQualifier: true)
        let qualifier = try qualifierInUse(of: function, in: call)
        let wanted = call.integer("ProvisionedConcurrentExecutions") ?? 0
        let limit = function.reservedConcurrency ?? call.context.concurrency
        let others = total(of: function) - count(function[.provisionedConcurrency, qualifier])
        guard others + wanted <= limit else {
            throw LambdaAPIError.invalidParameter(
                "Requested Provisioned Concurrency should not be greater than the "
                    + (function.reservedConcurrency == nil
                        ? "account's concurrency" : "reservedConcurrentExecution for function")
            )
        }
        function[.provisionedConcurrency, qualifier] = .members([
            "count": .integer(wanted), "lastModified": .integer(Int(call.context.epochMilliseconds())),
        ])
        try call.save(function)
        return describe(function, qualifier, in: call, isNew: true)
    }

    static let get = ControlOperation([FunctionMembers.name, qualifier]) { call in
        let function = try call.function(takesQualifier: true)
        let qualifier = try qualifierInUse(of: function, in: call)
        guard function[.provisionedConcurrency, qualifier] != nil else {
            throw LambdaAPIError(
                404,
                "ProvisionedConcurrencyConfigNotFoundException",
                "No Provisioned Concurrency Config found for this function"
            )
        }
        return describe(function, qualifier, in: call)
    }

    static let list = ControlOperation([FunctionMembers.name, FunctionMembers.marker, FunctionMembers.fewItems]) {
        call in
        let function = try call.function()
        let page = try call.page(function.documents(.provisionedConcurrency)) { $0.qualifier }
        return .members([
            "ProvisionedConcurrencyConfigs": .array(
                page.items.map { item in
                    describe(function, item.qualifier, in: call)
                        .setting("FunctionArn", .string(call.context.arn(function.name, item.qualifier)))
                }
            ),
            "NextMarker": page.next.map(JSONValue.string),
        ])
    }

    static let delete = ControlOperation([FunctionMembers.name, qualifier], status: 204) { call in
        var function = try call.function(takesQualifier: true)
        function[.provisionedConcurrency, try qualifierInUse(of: function, in: call)] = nil
        try call.save(function)
        return nil
    }

    /// Of all versions together.
    static func total(of function: StoredFunction) -> Int {
        function.documents(.provisionedConcurrency).reduce(0) { $0 + count($1.body) }
    }

    /// Environments of a version, its aliases' included.
    static func count(of version: String, in function: StoredFunction) -> Int {
        function.documents(.provisionedConcurrency).reduce(0) { sum, item in
            let target = function[.alias, item.qualifier]?["FunctionVersion"]?.stringValue ?? item.qualifier
            return sum + (target == version ? count(item.body) : 0)
        }
    }

    // MARK: Parts

    /// From here on the environments are tried again, but nobody should wait for them.
    private static let failureLimit = 3

    private static func count(_ document: JSONValue?) -> Int { document?["count"]?.intValue ?? 0 }

    private static func qualifierInUse(of function: StoredFunction, in call: ControlCall) throws(LambdaAPIError)
        -> String
    {
        let qualifier = try call.reference().qualifier ?? "$LATEST"
        guard qualifier != "$LATEST" else {
            throw .invalidParameter(
                "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
            )
        }
        _ = try call.version(qualifier, of: function)
        return qualifier
    }

    /// - Parameter isNew: nothing of it can be there yet.
    private static func describe(
        _ function: StoredFunction,
        _ qualifier: String,
        in call: ControlCall,
        isNew: Bool = false
    ) -> JSONValue {
        let document = function[.provisionedConcurrency, qualifier]
        let wanted = count(document)
        let version = function[.alias, qualifier]?["FunctionVersion"]?.stringValue ?? qualifier
        let readiness = isNew ? nil : call.readiness[function.name + ":" + version]
        let ready = min(wanted, readiness?.ready ?? 0)
        let hasFailed = ready < wanted && readiness?.failures ?? 0 >= failureLimit
        return .members([
            "RequestedProvisionedConcurrentExecutions": .integer(wanted),
            "AvailableProvisionedConcurrentExecutions": .integer(ready),
            "AllocatedProvisionedConcurrentExecutions": .integer(ready),
            "Status": .string(hasFailed ? "FAILED" : ready < wanted ? "IN_PROGRESS" : "READY"),
            "StatusReason": hasFailed ? .string("FUNCTION_ERROR_INIT_FAILURE") : nil,
            "LastModified": .string(ControlContext.date(Int64(document?["lastModified"]?.intValue ?? 0))),
        ])
    }
}
