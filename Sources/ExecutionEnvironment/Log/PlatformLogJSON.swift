import LambdaModel
import NIOCore

/// Writes the platform's log records in the JSON form that `LoggingConfig: {LogFormat: JSON}` asks for.
///
/// Source: AWS Lambda developer guide, "Lambda Telemetry API Event schema reference": an envelope of `time`, `type` and
/// `record`. The end of an invocation has no record of its own there. Members without a value here are left out.
struct PlatformLogJSON {
    let function: FunctionConfiguration

    /// One line; `nil` for a record that this form does not have.
    func line(of record: LogRecord, epochMilliseconds: Int64) -> String? {
        let time = WallClock.iso8601(epochMilliseconds: epochMilliseconds)
        switch record {
        case .initStart:
            return event("platform.initStart", at: time, initStart)
        case .initReport(let duration, let phase, let failure):
            return event("platform.initReport", at: time, initReport(duration, phase, failure))
        case .start(let id):
            return event("platform.start", at: time, [("requestId", text(id)), ("version", text(function.version))])
        case .fault(let id, let type, let message):
            return error(at: time, requestID: id, [("errorType", text(type)), ("errorMessage", text(message))])
        case .timedOut(let id):
            let message = "Task timed out after \(function.timeout).00 seconds"
            return error(at: time, requestID: id, [("message", text(message))])
        case .end:
            return nil
        case .report(let report):
            return event("platform.report", at: time, self.report(report))
        case .crash(let explanation):
            let members: Members = [("time", text(time)), ("type", text("apus.crash")), ("record", explanation.json)]
            return JSONText.object(members) + "\n"
        }
    }

    private typealias Members = [(name: String, value: String?)]

    private var initStart: Members {
        [
            ("initializationType", text(FunctionEnvironment.InitializationType.onDemand.rawValue)),
            ("phase", text(LogRecord.InitPhase.`init`.rawValue)),
            ("runtimeVersion", text(function.runtime.versionLabel)),
            ("functionName", text(function.name)),
            ("functionVersion", text(function.version)),
        ]
    }

    private func initReport(
        _ duration: TimeAmount,
        _ phase: LogRecord.InitPhase,
        _ failure: LogRecord.InitFailure
    ) -> Members {
        let metrics: Members = [("durationMs", PlatformLogFormatter.milliseconds(duration))]
        let end: Members =
            switch failure {
            case .timeout: [("status", text("timeout"))]
            case .error(let type): [("status", text("error")), ("errorType", text(type))]
            }
        let type = FunctionEnvironment.InitializationType.onDemand.rawValue
        return [("initializationType", text(type)), ("phase", text(phase.rawValue))] + end
            + [("metrics", JSONText.object(metrics))]
    }

    private func report(_ report: InvocationReport) -> Members {
        var metrics: Members = [
            ("durationMs", report.durationText),
            ("billedDurationMs", String(report.billedMilliseconds)),
            ("memorySizeMB", String(report.memorySize)),
        ]
        if let used = report.maxMemoryUsedMB { metrics.append(("maxMemoryUsedMB", String(used))) }
        if let initDuration = report.initDurationText { metrics.append(("initDurationMs", initDuration)) }
        let status: Members =
            switch report.status {
            case .success: [("status", text("success"))]
            case .timeout: [("status", text("timeout"))]
            case .error(let type): [("status", text("error")), ("errorType", text(type))]
            }
        return [("requestId", text(report.requestID)), ("metrics", JSONText.object(metrics))] + status
    }

    private func event(_ type: String, at time: String, _ record: Members) -> String {
        JSONText.object([("time", text(time)), ("type", text(type)), ("record", JSONText.object(record))]) + "\n"
    }

    private func error(at time: String, requestID: String, _ members: Members) -> String {
        let head: Members = [("timestamp", text(time)), ("level", text("ERROR")), ("requestId", text(requestID))]
        return JSONText.object(head + members) + "\n"
    }

    private func text(_ value: String) -> String { JSONText.quoted(value) }
}
