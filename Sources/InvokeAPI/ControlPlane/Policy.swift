import LambdaModel

/// A resource's policy: statements, each with an id of its own.
struct Policy {
    private(set) var statements: [JSONValue]
    let revision: String

    /// Source: AWS Lambda quotas, "Function resource-based policy": 20 KB.
    private static let limit = 20_480

    init(stored: JSONValue?) {
        statements = stored?["statements"]?.arrayValue ?? []
        revision = stored?["revision"]?.stringValue ?? ""
    }

    /// `nil` for one that has no statement left.
    var stored: JSONValue? {
        statements.isEmpty
            ? nil : .members(["statements": .array(statements), "revision": .string(RequestIdentifier.random())])
    }

    var document: JSONValue {
        .members(["Version": .string("2012-10-17"), "Id": .string("default"), "Statement": .array(statements)])
    }

    func check(_ call: ControlCall) throws(LambdaAPIError) {
        if call.string("RevisionId")?.isEmpty == false { try call.checkRevision(revision) }
    }

    mutating func add(_ statement: JSONValue) throws(LambdaAPIError) {
        let id = statement["Sid"]?.stringValue ?? ""
        guard !statements.contains(where: { $0["Sid"]?.stringValue == id }) else {
            throw .conflict(
                "The statement id (\(id)) provided already exists. Please provide a new statement id, or remove the existing statement."
            )
        }
        statements.append(statement)
        let size = document.text.utf8.count
        guard size <= Self.limit else {
            throw LambdaAPIError(
                400,
                "PolicyLengthExceededException",
                "The final policy size (\(size)) is bigger than the limit (\(Self.limit))."
            )
        }
    }

    mutating func remove(_ id: String) throws(LambdaAPIError) {
        guard let index = statements.firstIndex(where: { $0["Sid"]?.stringValue == id }) else {
            throw .resourceNotFound("Statement \(id) is not found in resource policy.")
        }
        statements.remove(at: index)
    }
}
