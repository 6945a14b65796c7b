package import FunctionStore
package import LambdaModel
package import NIOCore

/// Where events are run. Called on the dispatcher's event loop.
package protocol EventTarget: AnyObject {
    /// What a function says of its events; `nil`: there is no such function.
    func settings(of function: String, qualifier: String?) -> EventInvokeSettings?

    /// The function's own name, where a caller's reference means a function that is here.
    func functionName(of reference: FunctionReference) -> String?

    /// Runs an event.
    ///
    /// - Parameter completion: to be called exactly once, on the same event loop.
    func run(
        _ event: StoredEvent,
        request: InvocationRequest,
        payload: ByteBuffer,
        completion: @escaping (EventAttempt) -> Void
    )
}
