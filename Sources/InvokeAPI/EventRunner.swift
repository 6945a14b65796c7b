import AsyncInvocation
import ExecutionEnvironment
import FunctionPool
import FunctionStore
import LambdaModel
import NIOCore

/// Runs accepted events in the environments of their functions. Belongs to the event loop.
final class EventRunner: EventTarget {
    private let functions: ServedFunctions

    init(_ functions: ServedFunctions) {
        self.functions = functions
    }

    func settings(of function: String, qualifier: String?) -> EventInvokeSettings? {
        functions.function(named: function).map { EventSettings.of($0.stored, qualifier: qualifier) }
    }

    func functionName(of reference: FunctionReference) -> String? {
        functions.function(named: reference.name)?.name
    }

    func run(
        _ event: StoredEvent,
        request: InvocationRequest,
        payload: ByteBuffer,
        completion: @escaping (EventAttempt) -> Void
    ) {
        guard let function = functions.function(named: event.function), let version = function.version(event.qualifier)
        else { return completion(.unavailable) }
        guard function.stored.reservedConcurrency != 0 else { return completion(.zeroConcurrency) }
        let invocation = Invocation(request: request, payload: payload)
        let run = EventRun(version: version.name)
        invocation.onPiece = { run.streamed.writeImmutableBuffer($0) }
        invocation.onAnswer = { run.outcome = $0 }
        let eventLoop = functions.shop.eventLoop
        let over = NIOLoopBound({ completion(run.attempt) }, eventLoop: eventLoop)
        // The environment takes its next event only after this call.
        invocation.onOver = { _ in eventLoop.execute { over.value() } }
        version.withPool { pool in
            switch pool {
            case .success(let pool): run.isTaken = pool.submit(invocation)
            case .failure: invocation.abandon()
            }
        }
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
