import FunctionStore
import LambdaModel

/// A function's reserved concurrency, and what the account has left.
///
/// Source: AWS Lambda developer guide, "Configuring reserved concurrency".
enum ConcurrencyOperations {
    static let put = ControlOperation([
        FunctionMembers.name, .required("ReservedConcurrentExecutions", .integer()),
    ]) { call in
        var function = try call.function()
        let wanted = call.integer("ReservedConcurrentExecutions") ?? 0
        let others = try reserved(in: call) - (function.reservedConcurrency ?? 0)
        // What must be left; a small account keeps what it can.
        let minimum = min(unreservedMinimum, call.context.concurrency - others)
        guard others + wanted <= call.context.concurrency - minimum || wanted <= function.reservedConcurrency ?? -1
        else {
            throw LambdaAPIError.invalidParameter(
                "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below "
                    + "its minimum value of [\(minimum)]."
            )
        }
        let provisioned = ProvisionedConcurrencyOperations.total(of: function)
        guard wanted >= provisioned else {
            throw LambdaAPIError.invalidParameter(
                "ReservedConcurrentExecutions \(wanted) should not be lower than function's total provisioned concurrency "
                    + "[\(provisioned)]."
            )
        }
        function.reservedConcurrency = wanted
        try call.save(function)
        return .members(["ReservedConcurrentExecutions": .integer(wanted)])
    }

    static let get = ControlOperation([FunctionMembers.name]) { call in
        let function = try call.function()
        return .members(["ReservedConcurrentExecutions": function.reservedConcurrency.map(JSONValue.integer)])
    }

    static let delete = ControlOperation([FunctionMembers.name], status: 204) { call in
        var function = try call.function()
        function.reservedConcurrency = nil
        try call.save(function)
        return nil
    }

    static let accountSettings = ControlOperation([]) { call in
        let names = try call.transaction.functionNames()
        let archives = try call.transaction.archives()
        return .members([
            "AccountLimit": .members([
                // 75 GB.
                "TotalCodeSize": .integer(80_530_636_800),
                "CodeSizeUnzipped": .integer(Quotas.unzippedPackageBytes),
                "CodeSizeZipped": .integer(Quotas.zippedPackageBytes),
                "ConcurrentExecutions": .integer(call.context.concurrency),
                "UnreservedConcurrentExecutions": .integer(max(0, call.context.concurrency - (try reserved(in: call)))),
            ]),
            "AccountUsage": .members([
                "TotalCodeSize": .integer(archives.values.reduce(0, +)), "FunctionCount": .integer(names.count),
            ]),
        ])
    }

    /// Lambda keeps 100 for the functions that reserve nothing.
    private static let unreservedMinimum = 100

    private static func reserved(in call: ControlCall) throws -> Int {
        try call.transaction.functionNames().reduce(0) { sum, name in
            sum + (try call.transaction.function(named: name)?.reservedConcurrency ?? 0)
        }
    }
}
