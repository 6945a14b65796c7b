import NIOCore

/// What an extension has asked to be sent, and where to.
///
/// Source of names, ranges and defaults: AWS Lambda developer guide, "Lambda Telemetry API reference" and "Lambda Logs
/// API".
struct TelemetrySubscription: Sendable, Hashable {
    var api: TelemetryAPIKind
    var schema: Schema
    /// Never empty.
    var streams: Set<Stream>
    var buffering: Buffering
    var destination: Destination

    init(
        api: TelemetryAPIKind,
        schema: Schema,
        streams: Set<Stream>,
        buffering: Buffering = Buffering(),
        destination: Destination
    ) {
        self.api = api
        self.schema = schema
        self.streams = streams
        self.buffering = buffering
        self.destination = destination
    }

    /// The form of events. Ordered by age; those of the Logs API are older than all of the Telemetry API.
    enum Schema: String, Sendable, CaseIterable, Comparable {
        case logs20200815 = "2020-08-15"
        case logs20210318 = "2021-03-18"
        case telemetry20220701 = "2022-07-01"
        case telemetry20221213 = "2022-12-13"
        case telemetry20250129 = "2025-01-29"

        var api: TelemetryAPIKind { self < .telemetry20220701 ? .logs : .telemetry }

        /// Dates in this form sort as text.
        static func < (left: Schema, right: Schema) -> Bool { left.rawValue < right.rawValue }
    }

    /// A kind of telemetry.
    enum Stream: String, Sendable, CaseIterable {
        /// Events of the environment's life.
        case platform
        /// What the runtime writes to its standard output and error output.
        case function
        /// What the extensions write there.
        case `extension`
    }

    /// When a batch is sent: whichever limit is reached first.
    struct Buffering: Sendable, Hashable {
        static let itemRange = 1000...10_000
        static let byteRange = 262_144...1_048_576
        static let millisecondRange = 25...30_000

        var maxItems = 10_000
        /// Of the events' text, without what stands between them.
        var maxBytes = 262_144
        /// From a batch's first event.
        var timeout = TimeAmount.milliseconds(1000)

        init() {}
    }

    /// Where batches are sent. Only the port matters: the processes of an environment share the machine's loopback
    /// interface with Apus, by whatever name they call it.
    enum Destination: Sendable, Hashable {
        /// A JSON array in the body of a request.
        case http(port: Int, target: String, method: Method)
        /// A line for each event.
        case tcp(port: Int)

        enum Method: String, Sendable {
            case post = "POST"
            case put = "PUT"
        }
    }
}
