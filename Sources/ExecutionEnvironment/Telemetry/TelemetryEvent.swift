/// Something that subscribers may want to know, in as many forms as there are schemas.
package struct TelemetryEvent {
    package var stream: TelemetrySubscription.Stream
    /// About how many bytes the text has, where that is known before it is made.
    var estimatedBytes: Int?
    /// The whole event as JSON text on one line; `nil` when a schema has no such event. Called at most once for each
    /// schema.
    package var render: (TelemetrySubscription.Schema) -> String?

    package init(
        stream: TelemetrySubscription.Stream,
        estimatedBytes: Int? = nil,
        render: @escaping (TelemetrySubscription.Schema) -> String?
    ) {
        self.stream = stream
        self.estimatedBytes = estimatedBytes
        self.render = render
    }
}
