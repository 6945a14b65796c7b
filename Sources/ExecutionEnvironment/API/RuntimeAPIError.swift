import HTTPServer
import NIOCore

/// An answer of the Runtime API that refuses a call.
struct RuntimeAPIError: Error, Hashable {
    let status: HTTPStatus
    let type: String
    let message: String

    static let invalidRequestID = RuntimeAPIError(
        status: .badRequest,
        type: "InvalidRequestID",
        message: "Invalid request ID"
    )
    static let invalidResponseMode = RuntimeAPIError(
        status: .badRequest,
        type: "InvalidFunctionResponseMode",
        message: "Invalid function response mode"
    )
    static let truncated = RuntimeAPIError(
        status: .badRequest,
        type: "TruncatedResponse",
        message: "The body ended before its announced end"
    )
    static let notFound = RuntimeAPIError(status: .notFound, type: "NotFound", message: "404 page not found")
    static let methodNotAllowed = RuntimeAPIError(
        status: .methodNotAllowed,
        type: "MethodNotAllowed",
        message: "405 method not allowed"
    )

    static func tooLarge(limit: Int) -> RuntimeAPIError {
        RuntimeAPIError(
            status: .payloadTooLarge,
            type: "RequestEntityTooLarge",
            message: "Exceeded maximum allowed payload size (\(limit) bytes)."
        )
    }

    static func invalidTransition(_ call: String, in state: String) -> RuntimeAPIError {
        RuntimeAPIError(
            status: .forbidden,
            type: "InvalidStateTransition",
            message: "\(call) is not allowed while the runtime is \(state)"
        )
    }
}
