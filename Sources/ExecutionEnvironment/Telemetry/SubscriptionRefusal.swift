package import HTTPServer

/// The answer to a subscription that is not accepted. Nothing has changed then.
package struct SubscriptionRefusal: Error, Sendable, Hashable {
    package let status: HTTPStatus
    package let errorType: String
    package let errorMessage: String

    /// The request says something that cannot be.
    /// - Parameter problems: all of them, so that one attempt shows what is to be mended; joined as Lambda does it.
    static func invalid(_ api: TelemetryAPIKind, _ problems: [String]) -> SubscriptionRefusal {
        SubscriptionRefusal(
            status: .badRequest,
            errorType: api == .logs ? "Logs.ValidationError" : "ValidationError",
            errorMessage: problems.joined(separator: "; ")
        )
    }

    /// The init phase is over.
    package static func closed(_ api: TelemetryAPIKind) -> SubscriptionRefusal {
        SubscriptionRefusal(
            status: .forbidden,
            errorType: api == .logs ? "Logs.SubscriptionClosed" : "Telemetry.SubscriptionClosed",
            errorMessage: "\(api.name) subscription is closed already"
        )
    }
}
