import FunctionStore
import LambdaModel

/// One call of a control plane operation, while its transaction is open.
struct ControlCall {
    let context: ControlContext
    let transaction: FunctionTransaction
    /// The members of the request, checked.
    let input: JSONValue
    /// The code that came with the request, kept already.
    let code: StoredCode?
    /// Of provisioned environments, by `name:version`.
    let readiness: [String: ProvisionedReadiness]
    /// Names of functions that the call has changed or removed.
    private(set) var touched: Set<String> = []

    init(
        context: ControlContext,
        transaction: FunctionTransaction,
        input: JSONValue,
        code: StoredCode?,
        readiness: [String: ProvisionedReadiness] = [:]
    ) {
        self.readiness = readiness
        self.context = context
        self.transaction = transaction
        self.input = input
        self.code = code
    }

    func string(_ member: String) -> String? { input[member]?.stringValue }
    func integer(_ member: String) -> Int? { input[member]?.intValue }
    func bool(_ member: String) -> Bool { input[member]?.boolValue ?? false }

    /// A configuration with those of the members that the request has, and in `stamp` the time in milliseconds.
    func changed(_ config: JSONValue, _ members: [String], stamp: String) -> JSONValue {
        members.reduce(config.setting(stamp, .integer(Int(context.epochMilliseconds())))) { config, member in
            input[member].map { config.setting(member, $0) } ?? config
        }
    }

    // MARK: Functions

    /// The function's name as the request has it, and the qualifier of the name or of the query.
    func reference() throws(LambdaAPIError) -> FunctionReference {
        let text = string("FunctionName") ?? ""
        guard var reference = FunctionReference(text) else {
            throw .validation(text, at: "functionName", pattern: FunctionReference.pattern)
        }
        if let qualifier = string("Qualifier"), !qualifier.isEmpty {
            if let own = reference.qualifier, own != qualifier {
                throw .invalidParameter(
                    "The derived qualifier from the function name does not match the specified qualifier."
                )
            }
            reference.qualifier = qualifier
        }
        return reference
    }

    /// - Throws: also when the name has a qualifier and the operation takes none.
    func function(takesQualifier: Bool = false) throws -> StoredFunction {
        let reference = try reference()
        guard takesQualifier || reference.qualifier == nil || reference.qualifier == "$LATEST" else {
            throw LambdaAPIError.invalidParameter(
                "This operation is not permitted on a version or an alias of a function"
            )
        }
        guard let function = try transaction.function(named: reference.name) else {
            throw LambdaAPIError.functionNotFound(context.arn(reference.name, reference.qualifier))
        }
        return function
    }

    /// The version that a qualifier stands for: a version itself, or the first of an alias.
    func version(_ qualifier: String?, of function: StoredFunction) throws(LambdaAPIError) -> StoredVersion {
        let qualifier = qualifier ?? "$LATEST"
        let target = function[.alias, qualifier]?["FunctionVersion"]?.stringValue ?? qualifier
        guard let version = function.version(target) else {
            throw .functionNotFound(context.arn(function.name, qualifier))
        }
        return version
    }

    /// The qualifier, or the empty text for the function as a whole; checked for being there.
    func existingQualifier(of function: StoredFunction) throws(LambdaAPIError) -> String {
        guard let qualifier = try reference().qualifier, qualifier != "$LATEST" else { return "" }
        _ = try version(qualifier, of: function)
        return qualifier
    }

    mutating func save(_ function: StoredFunction) throws {
        try transaction.save(function)
        touched.insert(function.name)
    }

    mutating func delete(_ function: StoredFunction) throws {
        try transaction.deleteFunction(named: function.name)
        touched.insert(function.name)
    }

    func checkRevision(_ current: String) throws(LambdaAPIError) {
        guard let asked = string("RevisionId"), asked != current else { return }
        throw LambdaAPIError(
            412,
            "PreconditionFailedException",
            "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve "
                + "the latest RevisionId for your resource."
        )
    }

    // MARK: Pages

    /// A page of items that are sorted by a key. The items that a caller deletes between two pages make no difference.
    ///
    /// - Returns: the items and the marker of the next page.
    func page<Item>(
        _ items: [Item],
        limit: Int = 50,
        key: (Item) -> String
    ) throws(LambdaAPIError) -> (items: [Item], next: String?) {
        let start = try Marker.decode(string("Marker")).map { marker in
            items.firstIndex { key($0) > marker } ?? items.endIndex
        }
        let count = min(integer("MaxItems") ?? limit, limit)
        let rest = items[(start ?? 0)...]
        let page = Array(rest.prefix(count))
        return (page, page.count < rest.count ? page.last.map { Marker.encode(key($0)) } : nil)
    }
}
