import LambdaModel

/// The events of the Logs API, the Telemetry API's forerunner: invocations, faults, extensions.
extension PlatformEvent {
    func logsEvent(of record: LogRecord) -> (type: String, record: String)? {
        switch record {
        case .start(let id):
            return ("start", JSONText.object([("requestId", text(id)), ("version", text(function.version))]))
        case .end(let id): return ("end", JSONText.object([("requestId", text(id))]))
        case .report(let report):
            let metrics = JSONText.object(metrics(of: report))
            return ("report", JSONText.object([("requestId", text(report.requestID)), ("metrics", metrics)]))
        case .fault(let id, let type, let message):
            return ("fault", text("RequestId: \(id) Error: \(message)\n\(type)"))
        case .timedOut(let id):
            return ("fault", text("RequestId: \(id) Task timed out after \(function.timeout).00 seconds"))
        case .runtimeDone(let done) where schema == .logs20210318:
            return (
                "runtimeDone", JSONText.object([("requestId", text(done.requestID)), ("status", status(done.status))])
            )
        case .extensionState(let record): return ("extension", JSONText.object(members(record)))
        case .subscription(let record): return ("logsSubscription", subscription(record))
        case .initStart, .initRuntimeDone, .initReport, .runtimeDone, .crash: return nil
        }
    }

    /// This API knows no error beside failure.
    private func status(_ status: LogRecord.Status) -> String {
        switch status {
        case .success: text("success")
        case .timeout: text("timeout")
        case .error: text("failure")
        }
    }
}
