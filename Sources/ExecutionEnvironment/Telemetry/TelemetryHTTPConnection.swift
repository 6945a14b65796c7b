import NIOCore
import NIOHTTP1

/// One connection to a subscriber: a request at a time, its answer's status, nothing else of the answer.
final class TelemetryHTTPConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private enum State {
        /// Becomes `waiting` or `ended`.
        case ready
        /// A request has been written, its answer's head is awaited. Becomes `answering` or `ended`.
        case waiting(EventLoopPromise<Void>)
        /// The rest of an answer is passed over. Becomes `ready` or `ended`.
        case answering(EventLoopPromise<Void>, outcome: Result<Void, TelemetryDeliveryError>, keepAlive: Bool)
        /// The connection is closed or being closed.
        case ended
    }

    private let channel: any Channel
    private let byteLimit: AnswerByteLimit
    private var state = State.ready

    private init(channel: any Channel, byteLimit: AnswerByteLimit) {
        self.channel = channel
        self.byteLimit = byteLimit
    }

    static func open(
        port: Int,
        by connector: LoopbackConnector,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<NIOLoopBound<TelemetryHTTPConnection>> {
        connector.connect(port: port, on: eventLoop) { channel in
            let byteLimit = AnswerByteLimit()
            let handlers: [any ChannelHandler] = [
                byteLimit, HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder()),
                TelemetryHTTPConnection(channel: channel, byteLimit: byteLimit),
            ]
            try channel.pipeline.syncOperations.addHandlers(handlers)
        }.flatMapThrowing { channel in
            let connection = try channel.pipeline.syncOperations.handler(type: TelemetryHTTPConnection.self)
            return NIOLoopBound(connection, eventLoop: channel.eventLoop)
        }
    }

    /// Whether another request may be sent.
    var isReady: Bool {
        if case .ready = state { return channel.isActive }
        return false
    }

    /// Legal while ``isReady``. The future completes by the answer, by ``end(_:)`` or with the connection.
    func send(_ head: HTTPRequestHead, body: ByteBuffer) -> EventLoopFuture<Void> {
        guard isReady else { return channel.eventLoop.makeFailedFuture(TelemetryDeliveryError.disconnected) }
        let promise = channel.eventLoop.makePromise(of: Void.self)
        state = .waiting(promise)
        byteLimit.reset()
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(body)), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        return promise.futureResult
    }

    /// Closes the connection. The request under way has failed, unless its status is known already.
    func end(_ reason: TelemetryDeliveryError) {
        let ended = state
        state = .ended
        channel.close(promise: nil)
        switch ended {
        case .ready, .ended: break
        case .waiting(let promise): promise.fail(reason)
        case .answering(let promise, let outcome, _): promise.completeWith(outcome.mapError { $0 })
        }
    }

    // MARK: ChannelInboundHandler

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body: break
        case .end: finish()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.disconnected)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end((error as? TelemetryDeliveryError) ?? .disconnected)
    }

    private func begin(_ head: HTTPResponseHead) {
        guard case .waiting(let promise) = state else { return end(.disconnected) }
        let status = Int(head.status.code)
        let outcome: Result<Void, TelemetryDeliveryError> =
            (200..<300).contains(status) ? .success(()) : .failure(.status(status))
        state = .answering(promise, outcome: outcome, keepAlive: head.isKeepAlive)
    }

    private func finish() {
        guard case .answering(let promise, let outcome, let keepAlive) = state else { return }
        guard keepAlive else { return end(.disconnected) }
        state = .ready
        promise.completeWith(outcome.mapError { $0 })
    }
}
