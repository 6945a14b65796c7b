package import NIOCore
package import NIOHTTP1

/// One request and the way to answer it. Belongs to its connection's event loop.
///
/// Every method is harmless after the connection has gone or the answer has been given.
package final class HTTPExchange {
    package let head: HTTPRequestHead
    /// Called once when the connection ends before the answer is complete.
    package var onConnectionLost: (() -> Void)?
    /// Called when a streamed answer may go on (`true`) or should pause (`false`).
    package var onWritabilityChanged: ((Bool) -> Void)?
    /// Called once when the client sends nothing more, by which most say that they are gone: only a write can tell.
    package var onInputClosed: (() -> Void)?

    private enum Phase { case waiting, streaming, over }
    private var phase = Phase.waiting
    private var connection: HTTPConnectionHandler?

    init(head: HTTPRequestHead, connection: HTTPConnectionHandler) {
        self.head = head
        self.connection = connection
    }

    /// Whether the answer is still owed.
    package var isOpen: Bool { phase == .waiting && connection != nil }

    /// Whether a streamed answer's bytes leave as fast as they come; those for a client that has gone do.
    package var isWritable: Bool { connection?.isWritable ?? true }

    /// Gives the whole answer: head and body in one flush.
    package func respond(
        _ status: HTTPStatus,
        body: ByteBuffer = ByteBuffer(),
        headers: (inout HTTPResponseHead) -> Void = { _ in }
    ) {
        guard phase == .waiting, let connection else { return }
        phase = .over
        connection.writeResponse(status, to: head, body: body, headers: headers)
        finishExchange()
    }

    /// Starts an answer of unknown length: chunked, or ended by closing for an HTTP/1.0 client.
    package func beginStream(_ status: HTTPStatus, headers: (inout HTTPResponseHead) -> Void) {
        guard phase == .waiting, let connection else { return }
        phase = .streaming
        connection.writeStreamHead(status, to: head, headers: headers)
    }

    package func write(_ piece: ByteBuffer) {
        guard phase == .streaming, piece.readableBytes > 0 else { return }
        connection?.writeStreamPiece(piece, to: head)
    }

    /// Ends a streamed answer. Trailers are lost on HTTP/1.0.
    package func finish(trailers: [(name: StaticString, value: String)] = []) {
        guard phase == .streaming, let connection else { return }
        phase = .over
        connection.writeStreamEnd(trailers: trailers, to: head)
        finishExchange()
    }

    /// Cuts the connection: the only way to tell a client that a streamed answer has failed.
    package func abort() {
        connection?.abort()
    }

    /// Stops or resumes reading the request's body.
    package func setReading(_ reads: Bool) {
        connection?.setReading(reads)
    }

    func connectionLost() {
        connection = nil
        phase = .over
        let callback = onConnectionLost
        clearCallbacks()
        callback?()
    }

    func inputClosed() {
        let callback = onInputClosed
        onInputClosed = nil
        callback?()
    }

    private func finishExchange() {
        let finished = connection
        connection = nil
        clearCallbacks()
        finished?.answerEnded()
    }

    /// Callbacks hold whoever waits; letting them go breaks the cycle.
    private func clearCallbacks() {
        onConnectionLost = nil
        onWritabilityChanged = nil
        onInputClosed = nil
    }
}
