import AsyncInvocation
import ExecutionEnvironment
import FunctionStore
import HTTPServer
import LambdaModel
import NIOCore

/// The answer of `Invoke` with `InvocationType` `Event`: 202 as soon as the event is on the disk, and never before.
enum AcceptedAnswer {
    static func accept(
        _ request: InvocationRequest,
        _ payload: ByteBuffer,
        of function: String,
        _ qualifier: String?,
        by dispatcher: EventDispatcher,
        _ exchange: HTTPExchange
    ) {
        let event = AsyncEvent(
            function: function,
            qualifier: qualifier,
            contents: EventContents(request: request, payload: Array(payload.readableBytesView))
        )
        dispatcher.accept(event).assumeIsolated().whenComplete { result in
            switch result {
            case .success: respond(exchange, request)
            case .failure(let error): LambdaResponse.refuse(exchange, apiError(error))
            }
        }
    }

    private static func respond(_ exchange: HTTPExchange, _ request: InvocationRequest) {
        exchange.respond(.accepted) { head in
            head.add("X-Amzn-RequestId", request.requestID)
            if let trace = request.traceID { head.add("X-Amzn-Trace-Id", trace) }
        }
    }

    private static func apiError(_ error: any Error) -> LambdaAPIError {
        switch error as? EventRefusal {
        case .queueFull: .tooManyEvents
        case .stopped: .shuttingDown
        case .notStored(let error): .notStored(error.reason)
        case nil: .notStored("\(error)")
        }
    }
}
