import ExecutionEnvironment
import HTTPServer
import LambdaModel
import NIOCore

/// The answer of `Invoke`: all of the function's response at once.
final class BufferedAnswer {
    private let invocation: Invocation
    private let exchange: HTTPExchange
    private let version: String
    private let wantsLog: Bool
    private let abandonment: Abandonment
    private var streamed = ByteBuffer()
    private var outcome: InvocationOutcome?
    private var log: [UInt8] = []

    /// Bytes of `X-Amz-Log-Result` before its encoding. Source: AWS Lambda API reference, `Invoke`.
    private static let logLimit = 4096

    init(
        _ invocation: Invocation,
        _ exchange: HTTPExchange,
        version: String,
        wantsLog: Bool,
        _ abandonment: Abandonment
    ) {
        self.invocation = invocation
        self.exchange = exchange
        self.version = version
        self.wantsLog = wantsLog
        self.abandonment = abandonment
    }

    /// Lives as long as the invocation's callbacks.
    func connect() {
        // A streamed response that nobody asked for as a stream is gathered.
        invocation.onPiece = { self.streamed.writeImmutableBuffer($0) }
        guard wantsLog else {
            invocation.onAnswer = { self.respond($0) }
            return
        }
        invocation.onLog = { self.append($0) }
        invocation.onAnswer = { self.outcome = $0 }
        // The log has its last line, the report, only then.
        invocation.onOver = { _ in
            if let outcome = self.outcome { self.respond(outcome) }
        }
    }

    private func append(_ bytes: ByteBuffer) {
        log.append(contentsOf: bytes.readableBytesView)
        if log.count > 4 * Self.logLimit { log.removeFirst(log.count - Self.logLimit) }
    }

    private func respond(_ outcome: InvocationOutcome) {
        switch outcome {
        case .success(let body): respond(body, isError: false)
        case .streamed: respond(streamed, isError: false)
        case .functionError(_, let body), .initError(_, let body): respond(body, isError: true)
        case .failed(_, let error), .streamFailed(let error):
            respond(ByteBuffer(string: error.json), isError: true)
        case .abandoned: LambdaResponse.refuse(exchange, abandonment.error)
        }
    }

    private func respond(_ body: ByteBuffer, isError: Bool) {
        exchange.respond(.ok, body: body) { head in
            head.add("Content-Type", fixed: "application/json")
            head.add("X-Amzn-RequestId", invocation.request.requestID)
            head.add("X-Amz-Executed-Version", version)
            if isError { head.add("X-Amz-Function-Error", fixed: "Unhandled") }
            if let trace = invocation.request.traceID { head.add("X-Amzn-Trace-Id", trace) }
            if wantsLog { head.add("X-Amz-Log-Result", Base64.encode(log.suffix(Self.logLimit))) }
        }
    }
}
