import LambdaModel
import NIOCore

/// What the platform itself has to tell of an environment: lines of the function's log, events of the Telemetry API, or
/// both.
enum LogRecord: Hashable {
    case initStart(InitPhase)
    /// The runtime has asked for its first event, or will not.
    case initRuntimeDone(InitPhase, Status)
    case initReport(duration: TimeAmount, phase: InitPhase, status: Status)
    case start(requestID: String)
    case runtimeDone(RuntimeDone)
    /// `RequestId: ID Error: MESSAGE` and the type on the next line.
    case fault(requestID: String, type: String, message: String)
    case timedOut(requestID: String)
    case end(requestID: String)
    case report(InvocationReport)
    case extensionState(ExtensionRecord)
    case subscription(SubscriptionRecord)
    /// Not a line of Lambda's: why a process died.
    case crash(CrashExplanation)

    enum InitPhase: String, Hashable {
        /// The init phase proper.
        case `init`
        /// The init that is run again inside the first invoke.
        case invoke
    }

    typealias Status = InvocationReport.Status
}

extension LogRecord {
    /// What the runtime made of one invocation.
    struct RuntimeDone: Hashable {
        var requestID: String
        var status: Status
        /// From the hand-over of the event to the runtime's next request, or to its end.
        var duration: TimeAmount
        /// Bytes of the response, as far as they arrived.
        var producedBytes: Int
        var spans: [Span] = []
    }

    /// A part of a duration, under its name in the Telemetry API.
    struct Span: Hashable, Sendable {
        var name: String
        var start: NIODeadline
        var duration: TimeAmount

        init(_ name: String, from start: NIODeadline, to end: NIODeadline) {
            self.name = name
            self.start = start
            duration = end - start
        }
    }

    /// One extension at the end of the init phase, or when it fails later.
    struct ExtensionRecord: Hashable {
        var name: String
        var state: ExtensionState
        var events: [ExtensionEvent]
        var errorType: String?

        init(_ entry: ExtensionRegistry.Entry) {
            name = entry.name
            state = entry.state
            events = entry.events
            errorType = entry.errorType
        }
    }

    /// An extension has subscribed to telemetry.
    struct SubscriptionRecord: Hashable {
        var name: String
        /// Such as `platform`, as subscribed.
        var types: [String]
        /// Whether through the older Logs API.
        var isOfLogsAPI: Bool
    }
}
