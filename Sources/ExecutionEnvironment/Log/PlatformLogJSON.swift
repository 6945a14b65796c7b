import LambdaModel

/// The platform's log lines in the JSON form that `LoggingConfig: {LogFormat: JSON}` asks for. The end of an invocation
/// has no line of its own there.
struct PlatformLogJSON {
    let event: PlatformEvent

    /// One line; `nil` for a record that this form does not have, or that `SystemLogLevel` leaves out.
    func line(of record: LogRecord, at moment: PlatformMoment) -> String? {
        let level = record.systemLevel(event.initializationType)
        guard level >= event.function.logging.systemLevel ?? .info else { return nil }
        switch record {
        case .fault(let id, let type, let message):
            return error(at: moment, requestID: id, [("errorType", text(type)), ("errorMessage", text(message))])
        case .timedOut(let id):
            let message = "Task timed out after \(event.function.timeout).00 seconds"
            return error(at: moment, requestID: id, [("message", text(message))])
        case .crash(let explanation):
            let members: PlatformEvent.Members = [
                ("time", text(moment.text)), ("type", text("apus.crash")), ("record", explanation.json),
            ]
            return JSONText.object(members) + "\n"
        default: return event.json(of: record, at: moment).map { $0 + "\n" }
        }
    }

    private func error(at moment: PlatformMoment, requestID: String, _ members: PlatformEvent.Members) -> String {
        let head: PlatformEvent.Members = [
            ("timestamp", text(moment.text)), ("level", text("ERROR")), ("requestId", text(requestID)),
        ]
        return JSONText.object(head + members) + "\n"
    }

    private func text(_ value: String) -> String { JSONText.quoted(value) }
}
