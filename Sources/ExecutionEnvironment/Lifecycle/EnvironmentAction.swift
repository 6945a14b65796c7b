import LambdaModel
import NIOCore

extension EnvironmentLifecycle {
    /// What the driver has to do, in this order.
    enum Action: Hashable {
        /// Prepare the processes; ``launched(extensions:at:)`` or ``launchFailed(_:at:)`` follows. Where there is no
        /// extension the runtime starts at once.
        case launch
        case startExtensions
        case startRuntime
        /// SIGTERM to the runtime.
        case terminateRuntime
        /// SIGKILL to the runtime.
        case killRuntime
        /// SIGKILL to one extension, by the index of its process.
        case killExtension(Int)
        /// Kill everything; ``processesEnded(at:)`` follows when nothing is left.
        case kill
        /// Stop every process between two invocations, and let them go on.
        case freeze
        case thaw
        case setTimer(NIODeadline)
        case clearTimer
        /// ``freezeIsDue(at:)`` is to be called then.
        case setFreezeTimer(NIODeadline)
        /// Hand the current event to the waiting runtime.
        case deliver(deadline: NIODeadline)
        /// Hand an event to a waiting extension.
        case deliverToExtension(identifier: String, ExtensionDelivery)
        /// Deliver what there is for subscribers; ``telemetryFlushed(at:)`` follows in bounded time.
        case flushTelemetry
        /// Cut the runtime's response short: nobody takes it any more.
        case cutResponse
        /// Give the current caller its answer.
        case answer(Outcome)
        case log(LogRecord)
        /// The current invocation is over; `nil` when it never began.
        case finish(InvocationReport?)
        /// An init phase that no invocation waits for has succeeded.
        case initialized
        /// Ready for another invocation.
        case becameIdle
        case ended
    }

    /// An ``InvocationOutcome`` without the bytes, which the driver holds.
    enum Outcome: Hashable {
        case response
        case streamed
        case functionError(type: String)
        case initError(type: String)
        case failed(InvocationOutcome.Failure, LambdaError)
        case abandoned

        /// The runtime goes on to its next event, unless something happens.
        var leavesEnvironmentWell: Bool {
            switch self {
            case .response, .streamed, .functionError: true
            case .initError, .failed, .abandoned: false
            }
        }
    }
}
