/// What has become of an event, in the words of its invocation record.
///
/// Sources: AWS Lambda developer guide, "Capturing records of Lambda asynchronous invocations"; `ZeroReservedConcurrency` as seen
/// in records of Lambda's.
package enum EventCondition: String, Sendable, Hashable {
    case success = "Success"
    case retriesExhausted = "RetriesExhausted"
    case eventAgeExceeded = "EventAgeExceeded"
    case zeroReservedConcurrency = "ZeroReservedConcurrency"
}
