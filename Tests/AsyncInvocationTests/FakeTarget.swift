import AsyncInvocation
import FunctionStore
import LambdaModel
import NIOCore

/// Functions that answer as they are told. Belongs to the dispatcher's event loop.
final class FakeTarget: EventTarget {
    /// The functions that there are.
    var functions: [String: EventInvokeSettings] = ["f": EventInvokeSettings()]
    /// What a run of an event with this payload comes to, in their order; the last one for ever. Else it is a success at once.
    var attempts: [String: [EventAttempt]] = [:]
    /// Payloads of events that do not end before they are told to.
    var held: Set<String> = []
    private(set) var holding: [(payload: String, completion: (EventAttempt) -> Void)] = []
    /// Function and payload of every run.
    private(set) var runs: [String] = []
    private var waiting: (count: Int, promise: EventLoopPromise<Void>)?

    static let success = EventAttempt.success(body: ByteBuffer(string: #""yes""#), executedVersion: "$LATEST")
    static let failure = EventAttempt.functionError(
        body: ByteBuffer(string: #"{"errorMessage":"no"}"#),
        executedVersion: "$LATEST"
    )

    func settings(of function: String, qualifier: String?) -> EventInvokeSettings? { functions[function] }

    func functionName(of reference: FunctionReference) -> String? {
        functions[reference.name] == nil ? nil : reference.name
    }

    func run(
        _ event: StoredEvent,
        request: InvocationRequest,
        payload: ByteBuffer,
        completion: @escaping (EventAttempt) -> Void
    ) {
        let text = String(buffer: payload)
        runs.append("\(event.function) \(text)")
        if let waiting, runs.count >= waiting.count {
            self.waiting = nil
            waiting.promise.succeed(())
        }
        if held.contains(text) { return holding.append((text, completion)) }
        guard var planned = attempts[text], let next = planned.first else { return completion(Self.success) }
        if planned.count > 1 { planned.removeFirst() }
        attempts[text] = planned
        completion(next)
    }

    func end(_ payload: String, _ attempt: EventAttempt = FakeTarget.success) {
        guard let index = holding.firstIndex(where: { $0.payload == payload }) else { return }
        holding.remove(at: index).completion(attempt)
    }

    /// Succeeds when as many runs have begun.
    func whenRun(_ count: Int, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        if runs.count >= count { promise.succeed(()) } else { waiting = (count, promise) }
        return promise.futureResult
    }
}
