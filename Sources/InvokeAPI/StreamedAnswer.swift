import ExecutionEnvironment
import HTTPServer
import LambdaModel
import NIOCore

/// The answer of `InvokeWithResponseStream`: pieces as they come, then `InvokeComplete`.
final class StreamedAnswer {
    private let invocation: Invocation
    private let exchange: HTTPExchange
    private let version: String
    private let wantsLog: Bool
    private let abandonment: Abandonment
    private var log: [UInt8] = []
    private var hasBegun = false
    /// What the stream is to end with; `nil` before the answer and after the end.
    private var ending: Ending?

    private struct Ending {
        /// Type and details of a failure.
        var error: (type: String, details: String)?
    }

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
        let invocation = invocation
        invocation.onStreamBegan = { [weak invocation] _ in
            guard self.exchange.isOpen else {
                invocation?.onCallerGone?()
                return
            }
            self.exchange.onWritabilityChanged = { invocation?.onCallerReady?($0) }
            self.exchange.onConnectionLost = { invocation?.onCallerGone?() }
            self.begin()
        }
        invocation.onPiece = { [weak invocation] piece in
            self.write(piece)
            if !self.exchange.isWritable { invocation?.onCallerReady?(false) }
        }
        if wantsLog { invocation.onLog = { self.log.append(contentsOf: $0.readableBytesView) } }
        invocation.onAnswer = { self.answer($0) }
        invocation.onOver = { _ in self.end() }
    }

    private func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        exchange.beginStream(.ok) { head in
            head.add("Content-Type", fixed: "application/vnd.amazon.eventstream")
            head.add("X-Amzn-RequestId", invocation.request.requestID)
            head.add("X-Amz-Executed-Version", version)
        }
    }

    private func write(_ piece: ByteBuffer) {
        guard piece.readableBytes > 0 else { return }
        let message = EventStreamMessage(event: "PayloadChunk", contentType: "application/octet-stream", payload: piece)
        exchange.write(message.encoded)
    }

    private func answer(_ outcome: InvocationOutcome) {
        guard exchange.isOpen || hasBegun else { return }
        switch outcome {
        case .abandoned where !hasBegun: return LambdaResponse.refuse(exchange, abandonment.error)
        case .abandoned: return exchange.abort()
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
        if !wantsLog { end() }
    }

    private func end() {
        guard let ending else { return }
        self.ending = nil
        let body = JSONText.object([
            ("ErrorCode", ending.error.map { JSONText.quoted($0.type) }),
            ("ErrorDetails", ending.error.map { JSONText.quoted($0.details) }),
            ("LogResult", wantsLog ? JSONText.quoted(Base64.encode(log.suffix(Self.logLimit))) : nil),
        ])
        let message = EventStreamMessage(
            event: "InvokeComplete",
            contentType: "application/json",
            payload: ByteBuffer(string: body)
        )
        exchange.write(message.encoded)
        exchange.finish()
    }

    /// Bytes of the log before its encoding. Source: AWS Lambda API reference, `InvokeWithResponseStreamCompleteEvent`.
    private static let logLimit = 4096
}
