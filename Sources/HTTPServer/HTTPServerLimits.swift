package import NIOCore

/// Bounds on what one client may cost a server.
package struct HTTPServerLimits: Sendable {
    /// Largest request line plus header list, in bytes; also the most bytes that may pass without the parser making
    /// progress (an endless chunk extension, an HTTP/0.9 line).
    package var headBytes: Int
    /// Largest number of header fields.
    package var headerFields: Int
    /// Bytes of a refused body that are still read, so that a client that writes before it reads sees the answer.
    package var drainBytes: Int
    /// Open connections; further ones are closed on arrival.
    package var connections: Int
    /// Longest time from the first byte of a request to the end of its head, and between two pieces of its body;
    /// `nil` where another clock (the function's time-out) rules.
    package var requestIdleTime: TimeAmount?
    /// Longest time that a kept-alive connection may rest between requests.
    package var keepAliveTime: TimeAmount?

    package init(
        headBytes: Int = 64 * 1024,
        headerFields: Int = 128,
        drainBytes: Int = 64 * 1024 * 1024,
        connections: Int = 16_384,
        requestIdleTime: TimeAmount? = .seconds(30),
        keepAliveTime: TimeAmount? = .minutes(10)
    ) {
        self.headBytes = headBytes
        self.headerFields = headerFields
        self.drainBytes = drainBytes
        self.connections = connections
        self.requestIdleTime = requestIdleTime
        self.keepAliveTime = keepAliveTime
    }
}
