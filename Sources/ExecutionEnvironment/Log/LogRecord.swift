import LambdaModel
import NIOCore

/// A line that the platform itself writes into the function's log.
enum LogRecord: Hashable {
    case initStart
    case initReport(duration: TimeAmount, phase: InitPhase, failure: InitFailure)
    case start(requestID: String)
    /// `RequestId: ID Error: MESSAGE` and the type on the next line.
    case fault(requestID: String, type: String, message: String)
    case timedOut(requestID: String)
    case end(requestID: String)
    case report(InvocationReport)
    /// Not a line of Lambda's: why a process died.
    case crash(CrashExplanation)

    enum InitPhase: String, Hashable {
        /// The init phase proper.
        case `init`
        /// The init that is run again inside the first invoke.
        case invoke
    }

    enum InitFailure: Hashable {
        case timeout
        case error(type: String)
    }
}
