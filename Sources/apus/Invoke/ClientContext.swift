import ExecutionEnvironment
import LambdaModel

/// The client context of an invocation.
enum ClientContext {
    /// Lambda's limit on the encoded context, in bytes (API reference of Invoke).
    private static let limit = 3583

    /// JSON text from JSON, or from base64 of it, which is what `aws lambda invoke` takes.
    static func json(from option: String) throws(ApusError) -> String {
        let candidates = [option, Base64.decodedText(option)].compactMap(\.self)
        let json = candidates.first { text in (try? JSONSyntax.validate(Array(text.utf8))) != nil }
        guard let json else {
            throw ApusError("clientContext.invalid", "--client-context takes JSON, or base64 of JSON")
        }
        guard json.utf8.count <= limit else {
            throw ApusError("clientContext.tooLarge", "--client-context is over Lambda's \(limit) bytes")
        }
        return json
    }
}
