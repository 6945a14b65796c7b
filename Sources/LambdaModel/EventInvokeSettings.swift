/// What a function says of its asynchronous invocations: `EventInvokeConfig` and the dead-letter queue.
///
/// Source: AWS Lambda API reference, `PutFunctionEventInvokeConfig`, `DeadLetterConfig`.
package struct EventInvokeSettings: Sendable, Hashable {
    /// How often an event is run again after an error of the function's (0–2).
    package var maximumRetryAttempts: Int
    /// How long an event may wait, in seconds (60–21,600).
    package var maximumEventAge: Int
    /// ARN of what gets the records of events that succeeded.
    package var onSuccess: String?
    /// ARN of what gets the records of events that were given up.
    package var onFailure: String?
    /// ARN of the queue or topic that gets events that were given up.
    package var deadLetterTarget: String?

    /// Defaults are Lambda's own.
    package init(
        maximumRetryAttempts: Int = 2,
        maximumEventAge: Int = 21_600,
        onSuccess: String? = nil,
        onFailure: String? = nil,
        deadLetterTarget: String? = nil
    ) {
        self.maximumRetryAttempts = maximumRetryAttempts
        self.maximumEventAge = maximumEventAge
        self.onSuccess = onSuccess
        self.onFailure = onFailure
        self.deadLetterTarget = deadLetterTarget
    }
}
