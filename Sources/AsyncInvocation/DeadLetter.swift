import FunctionStore
import LambdaModel
import NIOCore

/// What a dead-letter queue gets of an event that was given up: the event, and why.
///
/// Source: AWS Lambda developer guide, "Adding a dead-letter queue": message attributes `RequestID`, `ErrorCode` (the HTTP status) and
/// `ErrorMessage` (the first 1 KB of the error).
struct DeadLetter {
    var event: StoredEvent
    var contents: EventContents
    var condition: EventCondition
    /// The last run, where the function was run.
    var attempt: EventAttempt?

    /// On one line.
    var json: [UInt8] {
        let attributes = JSONText.object([
            ("RequestID", JSONText.quoted(event.id)), ("ErrorCode", JSONText.quoted(code)),
            ("ErrorMessage", JSONText.quoted(Self.first1KB(message))),
        ])
        // A message is text: the event's own, with its line breaks.
        let body = JSONText.quoted(String(decoding: contents.payload, as: UTF8.self))
        return Array(#"{"body":\#(body),"attributes":\#(attributes)}"#.utf8)
    }

    private var code: String {
        if case .functionError = attempt { return "200" }
        return condition == .zeroReservedConcurrency ? "429" : "500"
    }

    private var message: String {
        switch (attempt, condition) {
        case (.functionError(let body, _), _): Self.errorMessage(body)
        case (_, .zeroReservedConcurrency): "The function has zero reserved concurrent executions"
        case (_, .eventAgeExceeded): "The event was older than it may be before the function could run"
        default: condition.rawValue
        }
    }

    /// Of an error object, its message; else all of the body.
    private static func errorMessage(_ body: ByteBuffer) -> String {
        // Larger ones are cut in any case; their trees would take many times their size.
        guard body.readableBytes <= 65_536,
            let message = (try? JSONValue(json: Array(body.readableBytesView)))?["errorMessage"]?.stringValue
        else { return String(decoding: body.readableBytesView.prefix(1_024), as: UTF8.self) }
        return message
    }

    /// Cut between characters.
    private static func first1KB(_ text: String) -> String {
        var count = 0
        var result = ""
        for scalar in text.unicodeScalars {
            count += scalar.utf8.count
            guard count <= 1_024 else { break }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
