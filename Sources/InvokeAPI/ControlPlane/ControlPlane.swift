import ExecutionEnvironment
import FunctionStore
import HTTPServer
import LambdaModel

/// Runs the operations that create, change and describe functions. Its calls block: the server makes them on a thread of
/// their own, one after the other.
struct ControlPlane: Sendable {
    struct Answer: Sendable {
        var status: Int
        var body: JSONValue?
        /// Functions that have changed, as they are now; `nil` for those that are gone.
        var changes: [String: StoredFunction?]
    }

    var context: ControlContext

    /// - Parameters:
    ///   - parameters: of the path, by their names.
    ///   - target: of the request, for its query.
    ///   - readiness: of provisioned environments, by `name:version`.
    func perform(
        _ operation: ControlOperation,
        parameters: [String: String],
        target: String,
        body: [UInt8],
        readiness: [String: ProvisionedReadiness] = [:]
    ) throws(LambdaAPIError) -> Answer {
        let input = try Self.input(operation, parameters, QueryItems(target: target), body)
        let code = try operation.upload.map { (upload) throws(LambdaAPIError) in
            try CodeUpload(context).take(upload, from: input)
        }
        do {
            return try context.records.write { transaction in
                var call = ControlCall(
                    context: context,
                    transaction: transaction,
                    input: input,
                    code: code ?? nil,
                    readiness: readiness
                )
                let body = try operation.action(&call)
                var changes: [String: StoredFunction?] = [:]
                for name in call.touched { changes[name] = .some(try transaction.function(named: name)) }
                return Answer(status: operation.status, body: body, changes: changes)
            }
        } catch let error as LambdaAPIError {
            throw error
        } catch {
            throw LambdaAPIError(500, "ServiceException", "Apus could not write its store: \(error)", fault: "Service")
        }
    }

    private static func input(
        _ operation: ControlOperation,
        _ parameters: [String: String],
        _ query: QueryItems,
        _ body: [UInt8]
    ) throws(LambdaAPIError) -> JSONValue {
        let document = try document(body)
        return try InputValidation.check(operation.input) { member in
            switch member.place {
            case .path: value(parameters[member.name].map { [$0] } ?? [], as: member.kind)
            case .query(let key): value(query.all(key), as: member.kind)
            case .body: document[member.name]
            }
        }
    }

    private static func document(_ body: [UInt8]) throws(LambdaAPIError) -> JSONValue {
        guard !body.isEmpty else { return .object([]) }
        let document: JSONValue
        do throws(JSONValue.Failure) {
            document = try JSONValue(json: body)
        } catch {
            throw .invalidContent("Could not parse request body into json: it \(error.reason)")
        }
        guard case .object = document else {
            throw .invalidContent("Could not parse request body into json: it is no object")
        }
        return document
    }

    /// Of texts that stand in the path or in the query.
    private static func value(_ texts: [String], as kind: MemberKind) -> JSONValue? {
        guard let first = texts.first else { return nil }
        switch kind {
        case .integer: return Int(first).map(JSONValue.integer) ?? .string(first)
        case .list: return .array(texts.map(JSONValue.string))
        default: return .string(first)
        }
    }
}
