import LambdaModel

/// An event that has been accepted and is not over, without its contents: of these, a server holds all in memory.
package struct StoredEvent: Sendable, Hashable {
    /// Its place among all events that were ever accepted; never used again.
    package var sequence: Int64
    /// The request id, a UUID.
    package var id: String
    package var function: String
    package var qualifier: String?
    /// Milliseconds since 1970-01-01 UTC.
    package var acceptedAt: Int64
    /// Runs of the function that are over.
    package var attempts: Int
    /// Not to be run before this time, in milliseconds since 1970-01-01 UTC.
    package var dueAt: Int64
    package var depth: Int
    package var payloadBytes: Int

    package init(
        sequence: Int64,
        id: String,
        function: String,
        qualifier: String? = nil,
        acceptedAt: Int64,
        attempts: Int = 0,
        dueAt: Int64,
        depth: Int = 0,
        payloadBytes: Int
    ) {
        self.sequence = sequence
        self.id = id
        self.function = function
        self.qualifier = qualifier
        self.acceptedAt = acceptedAt
        self.attempts = attempts
        self.dueAt = dueAt
        self.depth = depth
        self.payloadBytes = payloadBytes
    }

    init(_ event: AsyncEvent, sequence: Int64) {
        self.init(
            sequence: sequence,
            id: event.contents.request.requestID,
            function: event.function,
            qualifier: event.qualifier,
            acceptedAt: event.acceptedAt,
            dueAt: event.acceptedAt,
            depth: event.depth,
            payloadBytes: event.contents.payload.count
        )
    }
}
