import LambdaModel

/// An error of the Lambda API itself, as SDKs know it.
///
/// Source: AWS Lambda API reference, the errors of `Invoke` and their status codes.
struct LambdaAPIError: Error, Hashable {
    var status: Int
    var type: String
    var message: String
    /// `User` or `Service`: whose fault it is.
    var fault: String
    /// Of `TooManyRequestsException`.
    var reason: String?

    init(_ status: Int, _ type: String, _ message: String, fault: String = "User", reason: String? = nil) {
        self.status = status
        self.type = type
        self.message = message
        self.fault = fault
        self.reason = reason
    }

    /// The body of the answer.
    var json: String {
        JSONText.object([
            ("Reason", reason.map(JSONText.quoted)), ("Type", JSONText.quoted(fault)),
            (Self.capitalized.contains(type) ? "Message" : "message", JSONText.quoted(message)),
        ])
    }

    /// Lambda writes the message of these with a capital letter, and that of all others with a small one.
    ///
    /// Source: the shapes of the errors in AWS's model of the service.
    private static let capitalized: Set = ["ResourceNotFoundException", "ServiceException"]

    static func notImplemented(_ operation: String) -> LambdaAPIError {
        LambdaAPIError(
            501,
            "NotImplementedException",
            "Apus does not have the operation \(operation) yet",
            fault: "Service"
        )
    }

    static func functionNotFound(_ arn: String) -> LambdaAPIError {
        LambdaAPIError(404, "ResourceNotFoundException", "Function not found: \(arn)")
    }

    static func requestTooLarge(limit: Int, operation: String) -> LambdaAPIError {
        LambdaAPIError(
            413,
            "RequestTooLargeException",
            "Request must be smaller than \(limit) bytes for the \(operation) operation"
        )
    }

    static func invalidContent(_ message: String) -> LambdaAPIError {
        LambdaAPIError(400, "InvalidRequestContentException", message)
    }

    static func invalidParameter(_ message: String) -> LambdaAPIError {
        LambdaAPIError(400, "InvalidParameterValueException", message)
    }

    /// The words of Lambda's validation of a request's form.
    static func validation(_ value: String, at member: String, pattern: String) -> LambdaAPIError {
        LambdaAPIError(
            400,
            "ValidationException",
            "1 validation error detected: Value '\(value)' at '\(member)' failed to satisfy constraint: "
                + "Member must satisfy regular expression pattern: \(pattern)"
        )
    }

    static func conflict(_ message: String) -> LambdaAPIError {
        LambdaAPIError(409, "ResourceConflictException", message)
    }

    static func resourceNotFound(_ message: String) -> LambdaAPIError {
        LambdaAPIError(404, "ResourceNotFoundException", message)
    }

    /// - Parameter length: such as `less than or equal to 64`.
    static func validation(_ value: String, at member: String, length: String) -> LambdaAPIError {
        LambdaAPIError(
            400,
            "ValidationException",
            "1 validation error detected: Value '\(value)' at '\(member)' failed to satisfy constraint: "
                + "Member must have length \(length)"
        )
    }

    static let throttled = LambdaAPIError(
        429,
        "TooManyRequestsException",
        "Rate Exceeded.",
        reason: "ReservedFunctionConcurrentInvocationLimitExceeded"
    )

    static let accountThrottled = LambdaAPIError(
        429,
        "TooManyRequestsException",
        "Rate Exceeded.",
        reason: "ConcurrentInvocationLimitExceeded"
    )

    static let tooManyEvents = LambdaAPIError(
        429,
        "TooManyRequestsException",
        "Rate Exceeded.",
        reason: "CallerRateLimitExceeded"
    )

    static func notStored(_ reason: String) -> LambdaAPIError {
        LambdaAPIError(500, "ServiceException", "The event could not be stored: \(reason)", fault: "Service")
    }

    /// Of an invocation that had been taken.
    static let noEnvironment = LambdaAPIError(
        503,
        "ServiceException",
        "No environment could be made for the invocation, or Apus is shutting down",
        fault: "Service"
    )

    static let shuttingDown = LambdaAPIError(
        503,
        "ServiceUnavailableException",
        "Apus is shutting down",
        fault: "Service"
    )
}
