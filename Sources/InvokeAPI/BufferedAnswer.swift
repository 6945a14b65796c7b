import ExecutionEnvironment
import HTTPServer
import LambdaModel
import NIOCore

/// The answer of `Invoke`: all of the function's response at once.
final class BufferedAnswer {
    private let context: AnswerContext
    private var streamed = ByteBuffer()
    private var outcome: InvocationOutcome?
    private var log: [UInt8] = []

    init(_ context: AnswerContext) {
        self.context = context
    }

    /// Lives as long as the invocation's callbacks.
    func connect() {
        let invocation = context.invocation
        // A streamed response that nobody asked for as a stream is gathered.
        invocation.onPiece = { self.streamed.writeImmutableBuffer($0) }
        guard context.wantsLog else {
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
        let limit = AnswerContext.logLimit
        if log.count > 4 * limit { log.removeFirst(log.count - limit) }
    }

    private func respond(_ outcome: InvocationOutcome) {
        switch outcome {
        case .success(let body): respond(body, isError: false)
        case .streamed: respond(streamed, isError: false)
        case .functionError(_, let body), .initError(_, let body): respond(body, isError: true)
        case .failed(_, let error), .streamFailed(let error):
            respond(ByteBuffer(string: error.json), isError: true)
        case .abandoned: LambdaResponse.refuse(context.exchange, context.abandonment.error)
        }
    }

    private func respond(_ body: ByteBuffer, isError: Bool) {
        context.exchange.respond(.ok, body: body) { head in
            context.addHeaders(to: &head, contentType: "application/json")
            if isError { head.add("X-Amz-Function-Error", fixed: "Unhandled") }
            if let trace = context.invocation.request.traceID { head.add("X-Amzn-Trace-Id", trace) }
            if context.wantsLog { head.add("X-Amz-Log-Result", AnswerContext.encode(log: log)) }
        }
    }
}
