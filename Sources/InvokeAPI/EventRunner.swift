import AsyncInvocation
import ExecutionEnvironment
import FunctionPool
import FunctionStore
import LambdaModel
import NIOCore

/// Runs accepted events in the pools of their functions. Belongs to the pools' event loop.
final class EventRunner: EventTarget {
    private let registry: FunctionRegistry

    init(registry: FunctionRegistry) {
        self.registry = registry
    }

    func settings(of function: String, qualifier: String?) -> EventInvokeSettings? {
        registry.pool(named: function)?.function.eventInvoke
    }

    func functionName(of reference: FunctionReference) -> String? {
        registry.pool(named: reference.name)?.function.name
    }

    func run(
        _ event: StoredEvent,
        request: InvocationRequest,
        payload: ByteBuffer,
        completion: @escaping (EventAttempt) -> Void
    ) {
        guard let pool = registry.pool(named: event.function) else { return completion(.unavailable) }
        guard pool.function.reservedConcurrency != 0 else { return completion(.zeroConcurrency) }
        let invocation = Invocation(request: request, payload: payload)
        let run = EventRun(version: pool.function.version)
        invocation.onPiece = { run.streamed.writeImmutableBuffer($0) }
        invocation.onAnswer = { run.outcome = $0 }
        let over = NIOLoopBound({ completion(run.attempt) }, eventLoop: registry.eventLoop)
        // The environment takes its next event only after this call.
        invocation.onOver = { [eventLoop = registry.eventLoop] _ in eventLoop.execute { over.value() } }
        run.isTaken = pool.submit(invocation)
    }
}

/// An event in its environment.
private final class EventRun {
    private let version: String
    var isTaken = true
    var outcome: InvocationOutcome?
    /// Of a streamed response, which nobody takes as a stream.
    var streamed = ByteBuffer()

    init(version: String) {
        self.version = version
    }

    var attempt: EventAttempt {
        guard isTaken else { return .throttled }
        return switch outcome {
        case .success(let body): .success(body: body, executedVersion: version)
        case .streamed: .success(body: streamed, executedVersion: version)
        case .functionError(_, let body), .initError(_, let body): .functionError(body: body, executedVersion: version)
        case .failed(_, let error), .streamFailed(let error):
            .functionError(body: ByteBuffer(string: error.json), executedVersion: version)
        case .abandoned, nil: .unavailable
        }
    }
}
