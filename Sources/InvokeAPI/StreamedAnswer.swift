import ExecutionEnvironment
import HTTPServer
import LambdaModel
import NIOCore

/// The answer of `InvokeWithResponseStream`: pieces as they come, then `InvokeComplete`.
final class StreamedAnswer {
    private let context: AnswerContext
    private var log: [UInt8] = []
    private var hasBegun = false
    /// What the stream is to end with; `nil` before the answer and after the end.
    private var ending: Ending?

    private struct Ending {
        /// Type and details of a failure.
        var error: (type: String, details: String)?
    }

    init(_ context: AnswerContext) {
        self.context = context
    }

    /// Lives as long as the invocation's callbacks.
    func connect() {
        let (invocation, exchange) = (context.invocation, context.exchange)
        invocation.onStreamBegan = { [weak invocation] _ in
            guard exchange.isOpen else {
                invocation?.onCallerGone?()
                return
            }
            exchange.onWritabilityChanged = { invocation?.onCallerReady?($0) }
            exchange.onConnectionLost = { invocation?.onCallerGone?() }
            self.begin()
        }
        invocation.onPiece = { [weak invocation] piece in
            self.write(piece)
            if !exchange.isWritable { invocation?.onCallerReady?(false) }
        }
        if context.wantsLog { invocation.onLog = { self.log.append(contentsOf: $0.readableBytesView) } }
        invocation.onAnswer = { self.answer($0) }
        invocation.onOver = { _ in self.end() }
    }

    private func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        context.exchange.beginStream(.ok) { head in
            context.addHeaders(to: &head, contentType: "application/vnd.amazon.eventstream")
        }
    }

    private func write(_ piece: ByteBuffer) {
        guard piece.readableBytes > 0 else { return }
        let message = EventStreamMessage(event: "PayloadChunk", contentType: "application/octet-stream", payload: piece)
        context.exchange.write(message.encoded)
    }

    private func answer(_ outcome: InvocationOutcome) {
        guard context.exchange.isOpen || hasBegun else { return }
        switch outcome {
        case .abandoned where !hasBegun: return LambdaResponse.refuse(context.exchange, context.abandonment.error)
        case .abandoned: return context.exchange.abort()
        case .success(let body):
            begin()
            write(body)
            ending = Ending()
        case .streamed: ending = Ending()
        case .functionError(let type, let body), .initError(let type, let body):
            begin()
            ending = Ending(error: (type, String(buffer: body)))
        case .failed(_, let error), .streamFailed(let error):
            begin()
            ending = Ending(error: (error.errorType, error.json))
        }
        // The log is complete only when the invocation is over.
        if !context.wantsLog { end() }
    }

    private func end() {
        guard let ending else { return }
        self.ending = nil
        let body = JSONText.object([
            ("ErrorCode", ending.error.map { JSONText.quoted($0.type) }),
            ("ErrorDetails", ending.error.map { JSONText.quoted($0.details) }),
            ("LogResult", context.wantsLog ? JSONText.quoted(AnswerContext.encode(log: log)) : nil),
        ])
        let message = EventStreamMessage(
            event: "InvokeComplete",
            contentType: "application/json",
            payload: ByteBuffer(string: body)
        )
        context.exchange.write(message.encoded)
        context.exchange.finish()
    }
}
