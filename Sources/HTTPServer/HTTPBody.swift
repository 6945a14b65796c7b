package import NIOCore
package import NIOHTTP1

/// A request's body, once it has ended in one way or another.
package enum HTTPBody {
    /// All of it, and the trailers of a chunked body.
    case complete(ByteBuffer, trailers: HTTPHeaders?)
    /// It went over the limit; `bytes` is its size as announced, or as far as it was read.
    case tooLarge(bytes: Int)
    /// The connection ended before the body did.
    case truncated
}

/// Takes a request's body piece by piece. Called on the connection's event loop.
package protocol HTTPBodyReceiver: AnyObject {
    func receive(_ piece: ByteBuffer)
    func receiveEnd(trailers: HTTPHeaders?)
    /// The connection ended before the body did.
    func receiveTruncation()
}

/// What a service wants to become of a request's body, decided on its head.
package enum HTTPBodyPlan {
    /// Gather it, up to a number of bytes, and hand it over once.
    case collect(limit: Int, (HTTPBody) -> Void)
    /// Hand over each piece as it comes.
    case stream(any HTTPBodyReceiver)
    /// It is not needed: the answer has been given.
    case discard
}

/// Answers the requests of a server. Called on the server's event loop.
package protocol HTTPService: AnyObject {
    /// A request's head has arrived. The answer goes to `exchange`, now or later.
    func receive(_ exchange: HTTPExchange) -> HTTPBodyPlan
}
