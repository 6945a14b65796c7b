/// Something that subscribers may want to know, in as many forms as there are schemas.
struct TelemetryEvent {
    var stream: TelemetrySubscription.Stream
    /// About how many bytes the text has, where that is known before it is made.
    var estimatedBytes: Int?
    /// The whole event as JSON text on one line; `nil` when a schema has no such event. Called at most once for each
    /// schema.
    var render: (TelemetrySubscription.Schema) -> String?

    init(
        stream: TelemetrySubscription.Stream,
        estimatedBytes: Int? = nil,
        render: @escaping (TelemetrySubscription.Schema) -> String?
    ) {
        self.stream = stream
        self.estimatedBytes = estimatedBytes
        self.render = render
    }
}
