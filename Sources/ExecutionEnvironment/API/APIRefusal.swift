import HTTPServer
import NIOCore

/// An answer of an environment's APIs that refuses a call.
struct APIRefusal: Error, Hashable {
    let status: HTTPStatus
    let type: String
    let message: String

    static let invalidRequestID = APIRefusal(
        status: .badRequest,
        type: "InvalidRequestID",
        message: "Invalid request ID"
    )
    static let invalidResponseMode = APIRefusal(
        status: .badRequest,
        type: "InvalidFunctionResponseMode",
        message: "Invalid function response mode"
    )
    static let truncated = APIRefusal(
        status: .badRequest,
        type: "TruncatedResponse",
        message: "The body ended before its announced end"
    )
    static let notFound = APIRefusal(status: .notFound, type: "NotFound", message: "404 page not found")
    static let methodNotAllowed = APIRefusal(
        status: .methodNotAllowed,
        type: "MethodNotAllowed",
        message: "405 method not allowed"
    )

    static func tooLarge(limit: Int) -> APIRefusal {
        APIRefusal(
            status: .payloadTooLarge,
            type: "RequestEntityTooLarge",
            message: "Exceeded maximum allowed payload size (\(limit) bytes)."
        )
    }

    static func invalidTransition(_ call: String, in state: String) -> APIRefusal {
        APIRefusal(
            status: .forbidden,
            type: "InvalidStateTransition",
            message: "\(call) is not allowed while the runtime is \(state)"
        )
    }
}
