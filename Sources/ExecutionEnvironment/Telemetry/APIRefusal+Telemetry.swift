import HTTPServer

/// What the Telemetry API and the Logs API refuse. Nothing has changed then.
extension APIRefusal {
    /// The request says something that cannot be.
    /// - Parameter problems: all of them, so that one attempt shows what is to be mended; joined as Lambda does it.
    static func invalidSubscription(_ api: TelemetryAPIKind, _ problems: [String]) -> APIRefusal {
        APIRefusal(
            status: .badRequest,
            type: api == .logs ? "Logs.ValidationError" : "ValidationError",
            message: problems.joined(separator: "; ")
        )
    }

    /// The init phase is over.
    static func subscriptionClosed(_ api: TelemetryAPIKind) -> APIRefusal {
        APIRefusal(
            status: .forbidden,
            type: api == .logs ? "Logs.SubscriptionClosed" : "Telemetry.SubscriptionClosed",
            message: "\(api.name) subscription is closed already"
        )
    }
}
