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

    private enum Operation { case invoke, invokeByName }

    private static let routes = RouteTable<Operation>([
        .init(nil, "/2015-03-31/functions/function/invocations", .invoke),
        .init(nil, "/2015-03-31/functions/{name}/invocations", .invokeByName),
    ])

    private let pool: FunctionPool
    private let invokedFunctionARN: String
    private let clock: EnvironmentClock
    private let trace: ((String) -> Void)?

    /// - Parameter trace: takes a line an invocation and an answer.
    init(
        pool: FunctionPool,
        invokedFunctionARN: String,
        clock: EnvironmentClock = .system,
        trace: ((String) -> Void)? = nil
    ) {
        self.pool = pool
        self.invokedFunctionARN = invokedFunctionARN
        self.clock = clock
        self.trace = trace
    }

    func receive(_ exchange: HTTPExchange) -> HTTPBodyPlan {
        guard isInvocation(exchange.head) else {
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
        return .collect(limit: Self.requestBytes) { [pool, trace] body in
            switch body {
            case .complete(let payload, _):
                trace?("rie: invocation \(request.requestID): \(payload.readableBytes) bytes")
                let invocation = Invocation(request: request, payload: payload)
                Self.connect(invocation, to: exchange, trace)
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

    /// RIE's older versions know the function as `function` alone, newer ones by its name as well.
    private func isInvocation(_ head: HTTPRequestHead) -> Bool {
        switch Self.routes.match(method: head.method, target: head.uri) {
        case .found(.invoke, _): true
        case .found(.invokeByName, let names): names == [pool.function.name]
        case .methodNotAllowed, .notFound: false
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
    private static func connect(_ invocation: Invocation, to exchange: HTTPExchange, _ trace: ((String) -> Void)?) {
        invocation.onStreamBegan = { [weak invocation] contentType in
            // Without its caller a buffered invocation goes on; a stream has nobody to go to.
            guard exchange.isOpen else {
                invocation?.onCallerGone?()
                return
            }
            exchange.onWritabilityChanged = { invocation?.onCallerReady?($0) }
            exchange.onConnectionLost = { invocation?.onCallerGone?() }
            // One that has closed its side before, with its request, has only done with sending.
            exchange.onInputClosed = { invocation?.onCallerGone?() }
            exchange.beginStream(.ok) { $0.add("Content-Type", contentType ?? "application/octet-stream") }
        }
        invocation.onPiece = { [weak invocation] piece in
            exchange.write(piece)
            if !exchange.isWritable { invocation?.onCallerReady?(false) }
        }
        guard let trace else {
            invocation.onAnswer = { respond($0, to: exchange) }
            return
        }
        let id = invocation.request.requestID
        invocation.onAnswer = { outcome in
            trace("rie: answer \(id): \(Self.summary(of: outcome))")
            respond(outcome, to: exchange)
        }
    }

    /// What became of an invocation, for the debug log.
    private static func summary(of outcome: InvocationOutcome) -> String {
        switch outcome {
        case .success(let body): "\(body.readableBytes) bytes"
        case .functionError(let type, _), .initError(let type, _): type
        case .failed(_, let error), .streamFailed(let error): error.errorType
        case .streamed: "streamed"
        case .abandoned: "given up"
        }
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
