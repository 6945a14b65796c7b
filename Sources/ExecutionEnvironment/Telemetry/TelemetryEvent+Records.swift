import LambdaModel

/// The events that do not depend on the environment's phases. Source of their members: AWS Lambda developer guide,
/// "Lambda Telemetry API Event schema reference".
extension TelemetryEvent {
    /// A line of the function's or of an extension's output.
    /// - Parameter time: of its arrival, ISO 8601.
    static func output(
        _ line: String,
        stream: TelemetrySubscription.Stream,
        logFormat: LoggingConfiguration.Format,
        time: String
    ) -> TelemetryEvent {
        TelemetryEvent(stream: stream, estimatedBytes: line.utf8.count + envelopeBytes) { schema in
            let keepsObjects = logFormat == .json && schema >= .telemetry20221213
            let record = keepsObjects && isObject(line) ? line : JSONText.quoted(line)
            return envelope(time: time, type: stream.rawValue, record: record)
        }
    }

    /// - Parameter bytes: of the events' text.
    static func logsDropped(records: Int, bytes: Int, time: String) -> String {
        let reason = "Some logs were dropped because the downstream consumer is slower than the logs production rate"
        let record = """
            {"reason":\(JSONText.quoted(reason)),"droppedRecords":\(records),"droppedBytes":\(bytes)}
            """
        return envelope(time: time, type: "platform.logsDropped", record: record)
    }

    /// Around a line.
    private static let envelopeBytes = envelope(
        time: WallClock.iso8601(epochMilliseconds: 0),
        type: TelemetrySubscription.Stream.function.rawValue,
        record: JSONText.quoted("")
    ).utf8.count

    private static func envelope(time: String, type: String, record: String) -> String {
        "{\"time\":\(JSONText.quoted(time)),\"type\":\(JSONText.quoted(type)),\"record\":\(record)}"
    }

    private static func isObject(_ line: String) -> Bool {
        guard line.utf8.first(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) == UInt8(ascii: "{") else {
            return false
        }
        do throws(JSONSyntax.Failure) {
            try JSONSyntax.validate(Array(line.utf8))
            return true
        } catch {
            return false
        }
    }
}
