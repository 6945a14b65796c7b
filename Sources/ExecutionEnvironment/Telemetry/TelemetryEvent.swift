/// Something that subscribers may want to know, in as many forms as there are schemas.
package struct TelemetryEvent {
    package var stream: TelemetrySubscription.Stream
    /// The whole event as JSON text on one line; `nil` when a schema has no such event. Called at most once for each
    /// schema.
    package var render: (TelemetrySubscription.Schema) -> String?

    package init(
        stream: TelemetrySubscription.Stream,
        render: @escaping (TelemetrySubscription.Schema) -> String?
    ) {
        self.stream = stream
        self.render = render
    }
}
