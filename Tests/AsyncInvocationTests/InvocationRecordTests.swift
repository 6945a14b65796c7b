import FunctionStore
import LambdaModel
import NIOCore
import Testing

@testable import AsyncInvocation

@Suite struct InvocationRecordTests {
    private let event = StoredEvent(
        sequence: 1,
        id: "e4b46cbf-b738-4f50-8880-a18cdf61200e",
        function: "my-function",
        acceptedAt: 0,
        attempts: 3,
        dueAt: 0,
        payloadBytes: 10
    )

    private func contents(
        _ payload: String,
        arn: String = "arn:aws:lambda:us-east-2:123456789012:function:my-function"
    ) -> EventContents {
        EventContents(
            request: InvocationRequest(requestID: event.id, invokedFunctionARN: arn),
            payload: Array(payload.utf8)
        )
    }

    private func record(
        _ payload: String,
        _ condition: EventCondition,
        _ attempt: EventAttempt?,
        arn: String = "arn:aws:lambda:us-east-2:123456789012:function:my-function"
    ) -> String {
        let record = InvocationRecord(
            event: event,
            contents: contents(payload, arn: arn),
            condition: condition,
            attempt: attempt,
            time: 1_573_755_365_568
        )
        return String(decoding: record.json, as: UTF8.self)
    }

    private static let head =
        #"{"version":"1.0","timestamp":"2019-11-14T18:16:05.568Z","#
        + #""requestContext":{"requestId":"e4b46cbf-b738-4f50-8880-a18cdf61200e","#
        + #""functionArn":"arn:aws:lambda:us-east-2:123456789012:function:my-function:$LATEST","#

    /// The members, their order and their values are those of the example in AWS's guide.
    @Test func aFailure() {
        let attempt = EventAttempt.functionError(
            body: ByteBuffer(string: #"{"errorMessage":"Process exited"}"#),
            executedVersion: "$LATEST"
        )
        #expect(
            record(#"{"ORDER_IDS":["9e07af03"]}"#, .retriesExhausted, attempt)
                == Self.head + #""condition":"RetriesExhausted","approximateInvokeCount":3},"#
                + #""requestPayload":{"ORDER_IDS":["9e07af03"]},"#
                + #""responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},"#
                + #""responsePayload":{"errorMessage":"Process exited"}}"#
        )
    }

    @Test func aSuccess() {
        let attempt = EventAttempt.success(body: ByteBuffer(string: "null"), executedVersion: "7")
        #expect(
            record("1", .success, attempt, arn: "arn:aws:lambda:us-east-2:123456789012:function:my-function:live")
                == Self.head.replacing("$LATEST", with: "live")
                + #""condition":"Success","approximateInvokeCount":3},"requestPayload":1,"#
                + #""responseContext":{"statusCode":200,"executedVersion":"7"},"responsePayload":null}"#
        )
    }

    @Test(arguments: [EventCondition.eventAgeExceeded, .zeroReservedConcurrency])
    func withoutAnAnswer(condition: EventCondition) {
        #expect(
            record("{}", condition, condition == .eventAgeExceeded ? nil : .zeroConcurrency)
                == Self.head + #""condition":"\#(condition.rawValue)","approximateInvokeCount":3},"requestPayload":{}}"#
        )
    }

    @Test(arguments: [
        ("{\n \"a\": \"b\\n\"\r\n}", #"{  "a": "b\n"  }"#), ("", "null"), ("no JSON\n\"", #""no JSON\n\"""#),
    ])
    func itIsOneLine(response: String, written: String) {
        let attempt = EventAttempt.success(body: ByteBuffer(string: response), executedVersion: "1")
        let text = record("{}", .success, attempt)
        #expect(text.hasSuffix(#""responsePayload":"# + written + "}"))
        #expect(!text.contains("\n"))
    }

    @Test(arguments: [
        (#"{"errorType":"E","errorMessage":"no\nway"}"#, #"no\nway"#),
        (#"{"errorType":"E"}"#, #"{\"errorType\":\"E\"}"#),
        (#"{"errorMessage":"\#(String(repeating: "é", count: 600))"}"#, String(repeating: "é", count: 512)),
        (String(repeating: "x", count: 2000), String(repeating: "x", count: 1024)),
    ])
    func deadLetters(response: String, message: String) {
        let letter = DeadLetter(
            event: event,
            contents: contents("{\n}"),
            condition: .retriesExhausted,
            attempt: .functionError(body: ByteBuffer(string: response), executedVersion: "1")
        )
        #expect(
            String(decoding: letter.json, as: UTF8.self)
                == #"{"body":"{\n}","attributes":{"RequestID":"\#(event.id)","ErrorCode":"200","ErrorMessage":"\#(message)"}}"#
        )
    }

    @Test(arguments: [
        ("arn:aws:sqs:us-east-1:123456789012:my-queue", "sqs-my-queue.jsonl"),
        ("arn:aws:sns:us-east-1:123456789012:topic.fifo", "sns-topic.fifo.jsonl"),
        ("arn:aws:events:us-east-1:123456789012:event-bus/default", "events-default.jsonl"),
        ("arn:aws:s3:::my-bucket", "s3-my-bucket.jsonl"),
        ("arn:aws:lambda:us-east-1:123456789012:function:other:1", "lambda-other_1.jsonl"),
        ("arn:aws:../../x:::../../etc/passwd", ".._.._x-.._.._etc_passwd.jsonl"),
        ("a/b", "other-a_b.jsonl"),
    ])
    func destinationsThatAreFiles(arn: String, name: String) {
        #expect(EventDestination(arn: arn) { _ in nil } == .file(name))
    }

    @Test func destinationsThatAreFunctions() {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:other:live"
        #expect(EventDestination(arn: arn) { $0.name } == .function(name: "other", qualifier: "live"))
        #expect(
            EventDestination(arn: "arn:aws:sqs:us-east-1:123456789012:other") { $0.name } == .file("sqs-other.jsonl")
        )
    }
}
