import NIOCore

/// What has happened while extensions may still subscribe, for those that do so later. Bounded: the oldest events give
/// way to new ones.
struct TelemetryHistory {
    static let maximumEvents = 10_000
    /// Of the events' text in ``measuredSchema``; no more than any subscriber may buffer.
    static let maximumBytes = 262_144
    static let measuredSchema = TelemetrySubscription.Schema.telemetry20250129

    private var entries = CircularBuffer<(event: RenderedEvent, bytes: Int)>()
    private var bytes = 0

    var events: some Sequence<RenderedEvent> { entries.lazy.map(\.event) }

    /// - Parameter bytes: the size of the event's text in ``measuredSchema``.
    mutating func append(_ event: RenderedEvent, bytes: Int) {
        entries.append((event, bytes))
        self.bytes += bytes
        // The newest stays, however large it is.
        while entries.count > 1, entries.count > Self.maximumEvents || self.bytes > Self.maximumBytes {
            self.bytes -= entries.removeFirst().bytes
        }
    }
}
