package import LambdaModel
package import NIOCore

/// What an invocation came to, as its caller learns it.
package enum InvocationOutcome: Sendable, Hashable {
    /// The runtime's response, verbatim.
    case success(ByteBuffer)
    /// A streamed response has ended; its bytes went to the caller as they came.
    case streamed
    /// A streamed response broke off with an error; its bytes so far are with the caller.
    case streamFailed(LambdaError)
    /// The runtime posted to `/error`; the body is verbatim.
    case functionError(type: String, body: ByteBuffer)
    /// The runtime posted to `/init/error`; the body is verbatim.
    case initError(type: String, body: ByteBuffer)
    /// The platform ended it.
    case failed(Failure, LambdaError)
    /// The environment was shut down before an answer.
    case abandoned

    /// Why the platform ended an invocation.
    package enum Failure: Sendable, Hashable {
        case timeout
        /// The process ended, or did not start.
        case crash
        case responseTooLarge
        case truncatedResponse
    }

    /// Whether the function answered without an error.
    package var isSuccess: Bool {
        switch self {
        case .success, .streamed: true
        case .streamFailed, .functionError, .initError, .failed, .abandoned: false
        }
    }
}
