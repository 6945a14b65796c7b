import FunctionStore
import LambdaModel

/// The end of an event, with all that it brings about.
struct EventConclusion: Hashable, Sendable {
    var sequence: Int64
    /// New events for the functions among its destinations.
    var followUps: [AsyncEvent] = []
    /// Lines for the others.
    var lines: [Line] = []

    struct Line: Hashable, Sendable {
        var file: String
        var bytes: [UInt8]
    }

    /// Why a destination gets nothing.
    enum Omission: Hashable {
        /// The event has come through as many functions as it may.
        case recursion
        /// The record is larger than an event may be.
        case tooLarge(bytes: Int)
    }

    init(sequence: Int64) {
        self.sequence = sequence
    }

    /// Adds what a destination gets.
    mutating func deliver(_ record: InvocationRecord, to arn: String, _ destination: EventDestination) -> Omission? {
        deliver(record.json, of: record.event, record.contents, at: record.time, to: arn, destination)
    }

    /// Adds what a dead-letter queue gets. Lambda knows queues and topics alone; here a function may stand for one.
    mutating func deliver(
        _ letter: DeadLetter,
        at time: Int64,
        to arn: String,
        _ destination: EventDestination
    ) -> Omission? {
        deliver(letter.json, of: letter.event, letter.contents, at: time, to: arn, destination)
    }

    private mutating func deliver(
        _ json: [UInt8],
        of event: StoredEvent,
        _ contents: EventContents,
        at time: Int64,
        to arn: String,
        _ destination: EventDestination
    ) -> Omission? {
        switch destination {
        case .file(let name): lines.append(Line(file: name, bytes: json))
        case .function(let name, let qualifier):
            guard event.depth + 1 < Quotas.recursionDepth else { return .recursion }
            guard json.count <= Quotas.asynchronousRequestBytes else { return .tooLarge(bytes: json.count) }
            let request = InvocationRequest(
                requestID: RequestIdentifier.random(),
                invokedFunctionARN: arn,
                traceID: contents.request.traceID
            )
            followUps.append(
                AsyncEvent(
                    function: name,
                    qualifier: qualifier,
                    contents: EventContents(request: request, payload: json),
                    acceptedAt: time,
                    depth: event.depth + 1
                )
            )
        }
        return nil
    }
}
