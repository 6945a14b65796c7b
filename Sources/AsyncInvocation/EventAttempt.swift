package import NIOCore

/// What one run of an event has come to.
package enum EventAttempt: Sendable, Hashable {
    /// The function has answered.
    case success(body: ByteBuffer, executedVersion: String)
    /// The function has failed: its own error, a crash, a time-out. The body is the error object.
    case functionError(body: ByteBuffer, executedVersion: String)
    /// As many run as may: the function has not seen the event.
    case throttled
    /// The function may not run at all.
    case zeroConcurrency
    /// The function could not be asked, or was ended before its answer.
    case unavailable

    /// What the queue needs to know of it.
    var result: EventQueue.Result {
        switch self {
        case .success: .success
        case .functionError: .functionError
        case .throttled: .throttled
        case .zeroConcurrency: .zeroConcurrency
        case .unavailable: .unavailable
        }
    }
}
