import ExecutionEnvironment
import FunctionPool
import HTTPServer
import LambdaModel
import NIOCore
import NIOHTTP1

/// The front door of `rie`: any method on the one invocation path; answers as the "RIE" column of the reference says.
final class EmulatorService: HTTPService {
    /// A bound on what one request may make us hold; RIE passes on whatever comes, Lambda's own limit is 6 MB.
    static let requestBytes = 256 << 20

    private enum Operation { case invoke }

    private static let routes = RouteTable<Operation>([
        .init(nil, "/2015-03-31/functions/function/invocations", .invoke)
    ])

    private let pool: FunctionPool
    private let invokedFunctionARN: String
    private let clock: EnvironmentClock

    init(pool: FunctionPool, invokedFunctionARN: String, clock: EnvironmentClock = .system) {
        self.pool = pool
        self.invokedFunctionARN = invokedFunctionARN
        self.clock = clock
    }

    func receive(_ exchange: HTTPExchange) -> HTTPBodyPlan {
        guard case .found = Self.routes.match(method: exchange.head.method, target: exchange.head.uri) else {
            exchange.respond(.notFound, body: ByteBuffer(staticString: "404 page not found\n")) {
                $0.add("Content-Type", fixed: "text/plain")
            }
            return .discard
        }
        let request: InvocationRequest
        switch makeRequest(exchange.head.headers) {
        case .success(let made): request = made
        case .failure(let error):
            Self.respond(.badRequest, error, to: exchange)
            return .discard
        }
        return .collect(limit: Self.requestBytes) { [pool] body in
            switch body {
            case .complete(let payload, _):
                let invocation = Invocation(request: request, payload: payload)
                Self.connect(invocation, to: exchange)
                pool.submit(invocation)
            case .tooLarge(let bytes):
                let message = "The request of \(bytes) bytes is larger than \(Self.requestBytes) bytes"
                Self.respond(
                    .payloadTooLarge,
                    LambdaError(errorType: "RequestTooLargeException", errorMessage: message),
                    to: exchange
                )
            case .truncated: break
            }
        }
    }

    private func makeRequest(_ headers: HTTPHeaders) -> Result<InvocationRequest, LambdaError> {
        var request = InvocationRequest(
            requestID: RequestIdentifier.random(),
            invokedFunctionARN: invokedFunctionARN,
            traceID: headers.first(name: "X-Amzn-Trace-Id")
                ?? RequestIdentifier.trace(epochMilliseconds: clock.epochMilliseconds())
        )
        if let encoded = headers.first(name: "X-Amz-Client-Context") {
            guard let context = Base64.decodedText(encoded) else {
                let message = "X-Amz-Client-Context is not base64 of text"
                return .failure(LambdaError(errorType: "InvalidRequestContentException", errorMessage: message))
            }
            request.clientContext = context
        }
        return .success(request)
    }

    /// Joins an invocation to the connection that waits for it.
    private static func connect(_ invocation: Invocation, to exchange: HTTPExchange) {
        invocation.onStreamBegan = { [weak invocation] contentType in
            // Without its caller a buffered invocation goes on; a stream has nobody to go to.
            guard exchange.isOpen else {
                invocation?.onCallerGone?()
                return
            }
            exchange.onWritabilityChanged = { invocation?.onCallerReady?($0) }
            exchange.onConnectionLost = { invocation?.onCallerGone?() }
            exchange.beginStream(.ok) { $0.add("Content-Type", contentType ?? "application/octet-stream") }
        }
        invocation.onPiece = { [weak invocation] piece in
            exchange.write(piece)
            if !exchange.isWritable { invocation?.onCallerReady?(false) }
        }
        invocation.onAnswer = { respond($0, to: exchange) }
    }

    private static func respond(_ outcome: InvocationOutcome, to exchange: HTTPExchange) {
        switch outcome {
        case .success(let body), .functionError(_, let body):
            exchange.respond(.ok, body: body) { $0.add("Content-Type", fixed: "application/json") }
        case .initError(_, let body):
            exchange.respond(.badGateway, body: body) { $0.add("Content-Type", fixed: "application/json") }
        case .failed(.timeout, let error):
            exchange.respond(.ok, body: ByteBuffer(string: timeoutText(error))) {
                $0.add("Content-Type", fixed: "text/plain")
            }
        case .failed(.responseTooLarge, let error): respond(.ok, error, to: exchange)
        case .failed(.crash, let error), .failed(.truncatedResponse, let error):
            respond(.badGateway, error, to: exchange)
        case .streamed: exchange.finish()
        case .streamFailed(let error):
            exchange.finish(trailers: [("Lambda-Runtime-Function-Error-Type", error.errorType)])
        case .abandoned:
            guard exchange.isOpen else { return exchange.abort() }
            let message = "The emulator is shutting down or full"
            let error = LambdaError(errorType: "ServiceException", errorMessage: message)
            respond(.serviceUnavailable, error, to: exchange)
        }
    }

    /// RIE answers a time-out with the bare sentence.
    private static func timeoutText(_ error: LambdaError) -> String {
        guard let sentence = error.errorMessage.split(separator: "Error: ", maxSplits: 1).last else { return "" }
        return String(sentence)
    }

    private static func respond(_ status: HTTPStatus, _ error: LambdaError, to exchange: HTTPExchange) {
        exchange.respond(status, body: ByteBuffer(string: error.json)) {
            $0.add("Content-Type", fixed: "application/json")
        }
    }
}
