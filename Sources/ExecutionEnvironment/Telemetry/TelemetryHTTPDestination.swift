import NIOCore
import NIOHTTP1

/// Sends batches as JSON arrays in requests of HTTP/1.1, over one connection as long as it lasts.
final class TelemetryHTTPDestination: TelemetryDestination {
    private let port: Int
    private let connector: LoopbackConnector
    private let target: String
    private let method: HTTPMethod
    private let eventLoop: any EventLoop
    private let timeout: PausableTimeout
    private var connection: TelemetryHTTPConnection?
    private var isClosed = false

    /// - Parameter target: path and query, `/` at least.
    init(
        port: Int,
        target: String,
        method: TelemetrySubscription.Destination.Method,
        connector: LoopbackConnector = .thisMachine,
        eventLoop: any EventLoop,
        answerTime: TimeAmount = TelemetryDelivery.answerTime
    ) {
        self.port = port
        self.connector = connector
        self.target = target
        self.method = method == .put ? .PUT : .POST
        self.eventLoop = eventLoop
        timeout = PausableTimeout(eventLoop: eventLoop, limit: answerTime)
    }

    func send(_ batch: [ByteBuffer]) -> EventLoopFuture<Void> {
        guard !isClosed else { return eventLoop.makeFailedFuture(TelemetryDeliveryError.closed) }
        if let connection, connection.isReady { return send(batch, over: connection) }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return TelemetryHTTPConnection.open(port: port, by: connector, on: eventLoop)
            .flatMap { bound.value.connected($0.value, batch) }
    }

    func pause() { timeout.pause() }

    func resume() { timeout.resume() }

    func close() {
        isClosed = true
        timeout.stop()
        connection?.end(.closed)
        connection = nil
    }

    private func connected(_ connection: TelemetryHTTPConnection, _ batch: [ByteBuffer]) -> EventLoopFuture<Void> {
        guard !isClosed else {
            connection.end(.closed)
            return eventLoop.makeFailedFuture(TelemetryDeliveryError.closed)
        }
        self.connection = connection
        return send(batch, over: connection)
    }

    private func send(_ batch: [ByteBuffer], over connection: TelemetryHTTPConnection) -> EventLoopFuture<Void> {
        let body = Self.array(of: batch)
        let sent = connection.send(head(length: body.readableBytes), body: body)
        timeout.start { connection.end(.timeout) }
        let timeout = NIOLoopBound(timeout, eventLoop: eventLoop)
        return sent.always { _ in timeout.value.stop() }
    }

    private func head(length: Int) -> HTTPRequestHead {
        // The name that listeners know this machine by, whatever they have called it.
        let headers: HTTPHeaders = [
            "Host": "sandbox.localdomain:\(port)", "Content-Type": "application/json",
            "Content-Length": String(length),
        ]
        return HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: headers)
    }

    private static func array(of events: [ByteBuffer]) -> ByteBuffer {
        var body = ByteBuffer()
        body.reserveCapacity(events.reduce(2) { $0 + $1.readableBytes + 1 })
        body.writeStaticString("[")
        for (index, event) in events.enumerated() {
            if index > 0 { body.writeStaticString(",") }
            body.writeImmutableBuffer(event)
        }
        body.writeStaticString("]")
        return body
    }
}
