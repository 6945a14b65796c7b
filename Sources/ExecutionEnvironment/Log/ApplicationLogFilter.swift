import LambdaModel
import NIOCore

/// Leaves out of the log what a function writes below its `ApplicationLogLevel`. Only with the JSON log format.
///
/// A line that is a JSON object has the level of its member `level`, if it has a valid time as well; every other line is
/// INFO. Source: AWS Lambda developer guide, "Log-level filtering".
struct ApplicationLogFilter {
    /// In bytes. What is longer passes, in the state of being one line of level INFO.
    static let lineLimit = 256 * 1024

    private let threshold: LoggingConfiguration.ApplicationLevel
    /// The beginning of a line whose end has not come.
    private var partial = ByteBuffer()
    /// A line that was too long is passed on up to its end.
    private var passesRest = false

    /// `nil` where everything passes.
    init?(_ logging: LoggingConfiguration) {
        guard logging.format == .json else { return nil }
        threshold = logging.applicationLevel ?? .info
        guard threshold != .trace else { return nil }
    }

    /// The whole lines of these bytes, and of what was kept, that pass.
    mutating func filter(_ bytes: ByteBuffer) -> ByteBuffer {
        var rest = bytes
        var result = ByteBuffer()
        while let end = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
            let count = end - rest.readerIndex + 1
            guard var line = rest.readSlice(length: count) else { break }
            if partial.readableBytes > 0 {
                partial.writeBuffer(&line)
                line = partial
                partial = ByteBuffer()
            }
            if passesRest || passes(line) { result.writeBuffer(&line) }
            passesRest = false
        }
        keep(&rest, overflow: &result)
        return result
    }

    /// The line that has no end, when nothing more comes.
    mutating func finish() -> ByteBuffer {
        defer {
            partial = ByteBuffer()
            passesRest = false
        }
        return partial.readableBytes > 0 && passes(partial) ? partial : ByteBuffer()
    }

    private mutating func keep(_ rest: inout ByteBuffer, overflow result: inout ByteBuffer) {
        if passesRest {
            result.writeBuffer(&rest)
            return
        }
        partial.writeBuffer(&rest)
        guard partial.readableBytes > Self.lineLimit else { return }
        passesRest = threshold <= .info
        if passesRest { result.writeBuffer(&partial) }
        partial = ByteBuffer()
    }

    private func passes(_ line: ByteBuffer) -> Bool {
        Self.level(of: line) >= threshold
    }

    private static func level(of line: ByteBuffer) -> LoggingConfiguration.ApplicationLevel {
        // Most lines are no objects; a look at the first byte spares the reading.
        guard line.readableBytesView.first == UInt8(ascii: "{"),
            let value = try? JSONValue(json: Array(line.readableBytesView)),
            let name = value["level"]?.stringValue,
            let level = LoggingConfiguration.ApplicationLevel(rawValue: name.uppercased()),
            ["timestamp", "time", "@timestamp"].contains(where: { value[$0]?.stringValue.map(RFC3339.isTime) == true })
        else { return .info }
        return level
    }
}
