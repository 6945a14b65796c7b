/// Through which of Lambda's two interfaces an extension has subscribed; they differ in paths, names of errors and
/// schemas, not in what is delivered.
enum TelemetryAPIKind: Sendable, Hashable {
    /// `PUT /2022-07-01/telemetry`
    case telemetry
    /// `PUT /2020-08-15/logs`
    case logs

    /// As it is called in messages.
    var name: String {
        switch self {
        case .telemetry: "Telemetry API"
        case .logs: "Logs API"
        }
    }
}
