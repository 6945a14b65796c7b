/// What has become of a subscription that is not refused. The raw value is the text of the answer, a JSON string.
enum SubscriptionResult: String, Sendable {
    case subscribed = "OK"
    /// The extension's first subscription stays as it is. The spelling is Lambda's.
    case alreadySubscribed = "AlreadySubcribed"
}
