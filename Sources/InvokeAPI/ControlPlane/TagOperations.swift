import FunctionStore
import LambdaModel

/// Labels of functions.
enum TagOperations {
    private static let resource = InputMember.path("Resource", .string(length: 1...10_000, pattern: .taggable))
    private static let limit = 50

    static let list = ControlOperation([resource]) { call in
        .members(["Tags": try function(in: call)[.tags, ""] ?? .object([])])
    }

    static let add = ControlOperation([resource, .required("Tags", FunctionMembers.tags)], status: 204) { call in
        var function = try function(in: call)
        var tags = function[.tags, ""] ?? .object([])
        for tag in call.input["Tags"]?.objectValue ?? [] {
            guard (1...128).contains(tag.name.unicodeScalars.count), !tag.name.lowercased().hasPrefix("aws:") else {
                throw LambdaAPIError.invalidParameter("'\(tag.name.prefix(150))' is no valid tag key")
            }
            tags = tags.setting(tag.name, tag.value)
        }
        guard tags.objectValue?.count ?? 0 <= limit else {
            throw LambdaAPIError.invalidParameter("Number of tags exceeds function tag limit: [\(limit)].")
        }
        function[.tags, ""] = tags
        try call.save(function)
        return nil
    }

    static let remove = ControlOperation(
        [
            resource,
            InputMember(
                name: "TagKeys",
                place: .query("tagKeys"),
                isRequired: true,
                kind: .list(of: .string(length: 1...128), count: 1...limit)
            ),
        ],
        status: 204
    ) { call in
        var function = try function(in: call)
        var tags = function[.tags, ""] ?? .object([])
        for key in call.input["TagKeys"]?.arrayValue ?? [] { tags = tags.setting(key.stringValue ?? "", nil) }
        function[.tags, ""] = tags.objectValue?.isEmpty == true ? nil : tags
        try call.save(function)
        return nil
    }

    private static func function(in call: ControlCall) throws -> StoredFunction {
        let arn = call.string("Resource") ?? ""
        guard let reference = FunctionReference(arn), reference.qualifier == nil else {
            throw LambdaAPIError.invalidParameter(
                "Only functions have tags here, by their unqualified ARNs, not \(arn)"
            )
        }
        guard let function = try call.transaction.function(named: reference.name) else {
            throw LambdaAPIError.functionNotFound(arn)
        }
        return function
    }
}
