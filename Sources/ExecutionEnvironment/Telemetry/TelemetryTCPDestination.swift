import NIOCore

/// Sends batches as NDJSON, an event a line, over one connection as long as it lasts. There are no answers: a batch is
/// delivered when the system has taken it.
final class TelemetryTCPDestination: TelemetryDestination {
    private let port: Int
    private let connector: LoopbackConnector
    private let eventLoop: any EventLoop
    private let timeout: PausableTimeout
    private var connection: (any Channel)?
    private var isClosed = false

    init(
        port: Int,
        connector: LoopbackConnector = .thisMachine,
        eventLoop: any EventLoop,
        answerTime: TimeAmount = TelemetryDelivery.answerTime
    ) {
        self.port = port
        self.connector = connector
        self.eventLoop = eventLoop
        timeout = PausableTimeout(eventLoop: eventLoop, limit: answerTime)
    }

    func send(_ batch: [ByteBuffer]) -> EventLoopFuture<Void> {
        guard !isClosed else { return eventLoop.makeFailedFuture(TelemetryDeliveryError.closed) }
        if let connection, connection.isActive { return send(batch, over: connection) }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return connector.connect(port: port, on: eventLoop) { channel in
            try channel.pipeline.syncOperations.addHandlers(AnswerByteLimit(), SilentReader())
        }.flatMap { bound.value.connected($0, batch) }
    }

    func pause() { timeout.pause() }

    func resume() { timeout.resume() }

    func close() {
        isClosed = true
        timeout.stop()
        connection?.close(promise: nil)
        connection = nil
    }

    private func connected(_ connection: any Channel, _ batch: [ByteBuffer]) -> EventLoopFuture<Void> {
        guard !isClosed else {
            connection.close(promise: nil)
            return eventLoop.makeFailedFuture(TelemetryDeliveryError.closed)
        }
        self.connection = connection
        return send(batch, over: connection)
    }

    /// A write that fails leaves a line half sent, so that its connection must not be used again.
    private func send(_ batch: [ByteBuffer], over connection: any Channel) -> EventLoopFuture<Void> {
        if let limit = try? connection.pipeline.syncOperations.handler(type: AnswerByteLimit.self) { limit.addBatch() }
        // Closing fails the write.
        timeout.start { connection.close(promise: nil) }
        let timeout = NIOLoopBound(timeout, eventLoop: eventLoop)
        return connection.writeAndFlush(Self.lines(of: batch)).always { result in
            timeout.value.stop()
            if case .failure = result { connection.close(promise: nil) }
        }
    }

    private static func lines(of events: [ByteBuffer]) -> ByteBuffer {
        var lines = ByteBuffer()
        lines.reserveCapacity(events.reduce(0) { $0 + $1.readableBytes + 1 })
        for event in events {
            lines.writeImmutableBuffer(event)
            lines.writeStaticString("\n")
        }
        return lines
    }

    /// Passes over what a subscriber sends, and its errors, which a write or its connection's end tells as well.
    private final class SilentReader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
