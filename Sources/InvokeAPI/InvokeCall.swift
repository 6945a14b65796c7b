import ExecutionEnvironment
import HTTPServer
import LambdaModel
import NIOCore
import NIOHTTP1

/// What a request of `Invoke` or `InvokeWithResponseStream` says apart from its payload. Pure: headers in, values or an
/// error out.
///
/// Source: AWS Lambda API reference, `Invoke`; 02 §1 of the design.
struct InvokeCall: Hashable {
    enum Kind: String, Hashable {
        case requestResponse = "RequestResponse"
        case event = "Event"
        case dryRun = "DryRun"
    }

    var kind = Kind.requestResponse
    var reference: FunctionReference
    /// From the query, or from the function's name.
    var qualifier: String?
    var wantsLog = false
    /// JSON text.
    var clientContext: String?
    var tenantID: String?
    var traceID: String?

    init(name: String, head: HTTPRequestHead) throws(LambdaAPIError) {
        guard let reference = FunctionReference(name) else {
            guard name.utf8.count <= FunctionReference.longest else {
                throw .validation(
                    name,
                    at: "functionName",
                    length: "less than or equal to \(FunctionReference.longest)"
                )
            }
            throw .validation(name, at: "functionName", pattern: FunctionReference.pattern)
        }
        self.reference = reference
        qualifier = try Self.qualifier(of: head.uri, reference)
        let headers = head.headers
        if let value = headers.first(name: "X-Amz-Invocation-Type") {
            guard let kind = Kind(rawValue: value) else {
                throw .invalidParameter(
                    "InvocationType must be one of RequestResponse, Event and DryRun, not '\(value)'"
                )
            }
            self.kind = kind
        }
        if let value = headers.first(name: "X-Amz-Log-Type") {
            guard value == "Tail" || value == "None" else {
                throw .invalidParameter("LogType must be one of None and Tail, not '\(value)'")
            }
            wantsLog = value == "Tail"
        }
        clientContext = try Self.clientContext(headers.first(name: "X-Amz-Client-Context"))
        tenantID = try Self.tenant(headers.first(name: "X-Amz-Tenant-Id"))
        if headers.contains(name: "X-Amz-Durable-Execution-Name") {
            throw .invalidParameter("Apus has no durable executions, which durableExecutionName asks for")
        }
        traceID = headers.first(name: "X-Amzn-Trace-Id")
    }

    /// Two that differ are an error, as on Lambda.
    private static func qualifier(
        of target: String,
        _ reference: FunctionReference
    ) throws(LambdaAPIError) -> String? {
        guard let asked = QueryItems(target: target)["Qualifier"], !asked.isEmpty else { return reference.qualifier }
        guard asked.utf8.count <= 128 else {
            throw .validation(asked, at: "qualifier", length: "less than or equal to 128")
        }
        guard FunctionReference.isQualifier(asked) else {
            throw .validation(asked, at: "qualifier", pattern: "(|[a-zA-Z0-9$_-]+)")
        }
        if let own = reference.qualifier, own != asked {
            throw .invalidParameter(
                "The derived qualifier from the function name does not match the specified qualifier."
            )
        }
        return asked
    }

    private static func tenant(_ value: String?) throws(LambdaAPIError) -> String? {
        guard let value else { return nil }
        guard 1...256 ~= value.utf8.count, ConstraintPattern.tenant.matches(value) else {
            throw .validation(String(value.prefix(256)), at: "tenantId", pattern: ConstraintPattern.tenant.text)
        }
        return value
    }

    private static func clientContext(_ value: String?) throws(LambdaAPIError) -> String? {
        guard let value else { return nil }
        // AWS: "Up to 3,583 bytes of base64-encoded data".
        guard value.utf8.count <= 3_583, let text = Base64.decodedText(value),
            (try? JSONSyntax.validate(Array(text.utf8))) != nil
        else {
            throw .invalidContent("Client context must be a valid Base64-encoded JSON object.")
        }
        return text
    }

    /// The largest payload, in bytes.
    var payloadLimit: Int {
        kind == .event ? Quotas.asynchronousRequestBytes : Quotas.synchronousRequestBytes
    }
}
