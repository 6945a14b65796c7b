import ExecutionEnvironment
import FunctionStore
import LambdaModel
import NIOCore

/// What a destination learns of an event that is over.
///
/// Source: AWS Lambda developer guide, "Capturing records of Lambda asynchronous invocations", the example of an invocation record.
struct InvocationRecord {
    var event: StoredEvent
    var contents: EventContents
    var condition: EventCondition
    /// The last run, where the function was run.
    var attempt: EventAttempt?
    /// Milliseconds since 1970-01-01 UTC.
    var time: Int64

    /// On one line.
    var json: [UInt8] {
        let response = response
        let head = JSONText.object([
            ("version", JSONText.quoted("1.0")),
            ("timestamp", JSONText.quoted(WallClock.iso8601(epochMilliseconds: time))),
            ("requestContext", requestContext),
        ])
        var result = Array(head.utf8.dropLast())
        result += Array(#","requestPayload":"#.utf8) + JSONLine.value(contents.payload)
        if let response {
            result += Array(#","responseContext":\#(response.context),"responsePayload":"#.utf8)
            result += JSONLine.value(Array(response.body.readableBytesView))
        }
        result.append(UInt8(ascii: "}"))
        return result
    }

    /// The record's ARN has a qualifier always.
    private var requestContext: String {
        let invoked = contents.request.invokedFunctionARN
        let isQualified = invoked.split(separator: ":").count > 7
        return JSONText.object([
            ("requestId", JSONText.quoted(event.id)),
            ("functionArn", JSONText.quoted(isQualified ? invoked : invoked + ":$LATEST")),
            ("condition", JSONText.quoted(condition.rawValue)),
            ("approximateInvokeCount", String(event.attempts)),
        ])
    }

    private var response: (context: String, body: ByteBuffer)? {
        switch attempt {
        case .success(let body, let version): (Self.responseContext(version, error: nil), body)
        case .functionError(let body, let version): (Self.responseContext(version, error: "Unhandled"), body)
        case .throttled, .zeroConcurrency, .unavailable, nil: nil
        }
    }

    private static func responseContext(_ version: String, error: String?) -> String {
        JSONText.object([
            ("statusCode", "200"), ("executedVersion", JSONText.quoted(version)),
            ("functionError", error.map(JSONText.quoted)),
        ])
    }
}
