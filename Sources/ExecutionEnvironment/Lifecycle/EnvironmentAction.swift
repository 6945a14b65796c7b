import LambdaModel
import NIOCore

extension EnvironmentLifecycle {
    /// What the driver has to do, in this order.
    enum Action: Hashable {
        case launch
        /// Kill everything; ``processesEnded(at:)`` follows when nothing is left.
        case kill
        case setTimer(NIODeadline)
        case clearTimer
        /// Hand the current event to the waiting runtime.
        case deliver(deadline: NIODeadline)
        /// Give the current caller its answer.
        case answer(Outcome)
        case log(LogRecord)
        /// The current invocation is over; `nil` when it never began.
        case finish(InvocationReport?)
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
    }
}
