import NIOCore

/// An event whose texts are made when the first subscriber with their schema needs them, and then shared.
final class RenderedEvent {
    let stream: TelemetrySubscription.Stream
    /// About how many bytes a text has, where that is known before it is made.
    let estimatedBytes: Int?
    private let render: (TelemetrySubscription.Schema) -> String?
    private var texts: [(schema: TelemetrySubscription.Schema, text: ByteBuffer?)] = []

    init(_ event: TelemetryEvent) {
        stream = event.stream
        estimatedBytes = event.estimatedBytes
        render = event.render
    }

    func text(in schema: TelemetrySubscription.Schema) -> ByteBuffer? {
        if let made = texts.first(where: { $0.schema == schema }) { return made.text }
        let text = render(schema).flatMap(Self.line)
        texts.append((schema, text))
        return text
    }

    /// An event is one line of NDJSON: without the end of a line that log lines have.
    private static func line(_ text: String) -> ByteBuffer? {
        let bytes = text.utf8.last == UInt8(ascii: "\n") ? text.utf8.dropLast() : text.utf8[...]
        return bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)
    }
}
