package import LambdaModel

/// An asynchronous invocation that is to be accepted.
package struct AsyncEvent: Sendable, Hashable {
    /// The function's own name.
    package var function: String
    /// A version or an alias, where the caller named one.
    package var qualifier: String?
    package var contents: EventContents
    /// Milliseconds since 1970-01-01 UTC.
    package var acceptedAt: Int64
    /// How many functions it has come through, each the destination of the one before it.
    package var depth: Int

    package init(function: String, qualifier: String?, contents: EventContents, acceptedAt: Int64 = 0, depth: Int = 0) {
        self.function = function
        self.qualifier = qualifier
        self.contents = contents
        self.acceptedAt = acceptedAt
        self.depth = depth
    }
}

/// What a function gets of an event.
package struct EventContents: Sendable, Hashable {
    package var request: InvocationRequest
    /// JSON text.
    package var payload: [UInt8]

    package init(request: InvocationRequest, payload: [UInt8]) {
        self.request = request
        self.payload = payload
    }
}
