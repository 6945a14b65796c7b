import ExecutionEnvironment
import HTTPServer
import LambdaModel

/// What the answers of `Invoke` and `InvokeWithResponseStream` are made of, besides the response.
struct AnswerContext {
    let invocation: Invocation
    let exchange: HTTPExchange
    /// The version that runs.
    let version: String
    let wantsLog: Bool
    let abandonment: Abandonment

    /// Bytes of the log before its encoding. Source: AWS Lambda API reference, `Invoke` and
    /// `InvokeWithResponseStreamCompleteEvent`.
    static let logLimit = 4096

    /// The end of the log as callers get it.
    static func encode(log: [UInt8]) -> String { Base64.encode(log.suffix(logLimit)) }

    /// The headers that all answers have.
    func addHeaders(to head: inout HTTPResponseHead, contentType: StaticString) {
        head.add("Content-Type", fixed: contentType)
        head.add("X-Amzn-RequestId", invocation.request.requestID)
        head.add("X-Amz-Executed-Version", version)
    }
}
