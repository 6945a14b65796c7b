import NIOCore

/// Where the batches of one subscriber go. Belongs to its event loop.
protocol TelemetryDestination: AnyObject {
    /// Delivers a batch of events, each one's JSON text. Not called again before the future completes, which it always
    /// does: fails when the subscriber has perhaps not got the batch.
    func send(_ batch: [ByteBuffer]) -> EventLoopFuture<Void>

    /// The subscriber is frozen and cannot answer: that is not held against it.
    func pause()
    func resume()

    /// Ends what is under way, and the connection. Nothing is sent any more.
    func close()
}

/// Why a batch was not delivered.
enum TelemetryDeliveryError: Error, Hashable {
    /// ``TelemetryDestination/close()`` was called.
    case closed
    /// The subscriber has not taken the batch, or not answered, in time.
    case timeout
    /// It has ended the connection, or its answer is not HTTP.
    case disconnected
    /// It has answered with a status other than 2xx.
    case status(Int)
    /// It sends more than is read of it.
    case answerTooLarge
}

/// Limits of deliveries.
enum TelemetryDelivery {
    static let connectTime = TimeAmount.seconds(1)
    /// From the beginning of a batch's sending to the end of its answer.
    static let answerTime = TimeAmount.seconds(5)
    /// Of an answer's bytes, head and body. Neither is kept.
    static let answerBytes = 64 * 1024
}

extension TelemetrySubscription.Destination {
    /// Opens no connection yet.
    func connect(by connector: LoopbackConnector, on eventLoop: any EventLoop) -> any TelemetryDestination {
        switch self {
        case .http(let port, let target, let method):
            TelemetryHTTPDestination(
                port: port,
                target: target,
                method: method,
                connector: connector,
                eventLoop: eventLoop
            )
        case .tcp(let port):
            TelemetryTCPDestination(port: port, connector: connector, eventLoop: eventLoop)
        }
    }
}
