import LambdaModel
import NIOCore

/// The JSON events in which the platform tells of itself: those of the JSON log format, of the Telemetry API and of the
/// Logs API, which differ in a few members.
///
/// Source: AWS Lambda developer guide, "Lambda Telemetry API Event schema reference" and "Lambda Logs API"; events that
/// real functions have logged.
struct PlatformEvent {
    let function: FunctionConfiguration
    let initializationType: FunctionEnvironment.InitializationType
    /// The environment's own identifier.
    let instanceID: String
    /// `nil`: the JSON log format.
    let schema: TelemetrySubscription.Schema?
    /// Of the present invocation: `Root=…;Parent=…;Sampled=…`.
    var traceID: String?

    typealias Members = [(name: String, value: String?)]

    /// The whole event on one line, without its end; `nil` for a record that this schema does not have.
    func json(of record: LogRecord, at moment: PlatformMoment) -> String? {
        guard let (type, record) = event(of: record, at: moment) else { return nil }
        return JSONText.object([("time", text(moment.text)), ("type", text("platform." + type)), ("record", record)])
    }

    private func event(of record: LogRecord, at moment: PlatformMoment) -> (type: String, record: String)? {
        if schema?.api == .logs { return logsEvent(of: record) }
        switch record {
        case .initStart(let phase): return ("initStart", JSONText.object(initStart(phase)))
        case .initRuntimeDone(let phase, let status):
            return ("initRuntimeDone", JSONText.object(initialization(phase) + members(status)))
        case .initReport(let duration, let phase, let status):
            let metrics: Members = [("durationMs", milliseconds(duration))]
            let members = initialization(phase) + members(status) + [("metrics", JSONText.object(metrics))]
            return ("initReport", JSONText.object(members))
        case .start(let id):
            let members: Members = [("requestId", text(id)), ("version", text(function.version)), ("tracing", tracing)]
            return ("start", JSONText.object(members))
        case .runtimeDone(let done): return ("runtimeDone", JSONText.object(runtimeDone(done, at: moment)))
        case .report(let report): return ("report", JSONText.object(self.report(report, at: moment)))
        case .extensionState(let record): return ("extension", JSONText.object(members(record)))
        case .subscription(let record):
            return (record.isOfLogsAPI ? "logsSubscription" : "telemetrySubscription", subscription(record))
        case .fault, .timedOut, .end, .crash: return nil
        }
    }

    // MARK: Records

    private func initialization(_ phase: LogRecord.InitPhase) -> Members {
        [("initializationType", text(initializationType.rawValue)), ("phase", text(phase.rawValue))]
    }

    private func initStart(_ phase: LogRecord.InitPhase) -> Members {
        let common = initialization(phase) + [("runtimeVersion", text(function.runtime.versionLabel))]
        // The first version knew no more.
        guard schema != .telemetry20220701 else { return common }
        let named = common + [("functionName", text(function.name)), ("functionVersion", text(function.version))]
        guard schema != nil else { return named }
        return named + [("instanceId", text(instanceID)), ("instanceMaxMemory", String(function.memorySize << 20))]
    }

    private func runtimeDone(_ done: LogRecord.RuntimeDone, at moment: PlatformMoment) -> Members {
        let metrics: Members = [
            ("durationMs", milliseconds(done.duration)), ("producedBytes", String(done.producedBytes)),
        ]
        return [("requestId", text(done.requestID))] + members(done.status) + [
            ("tracing", tracing), ("spans", spans(done.spans, at: moment)), ("metrics", JSONText.object(metrics)),
        ]
    }

    private func report(_ report: InvocationReport, at moment: PlatformMoment) -> Members {
        [("requestId", text(report.requestID))] + members(report.status) + [
            ("metrics", JSONText.object(metrics(of: report))), ("tracing", tracing),
            ("spans", spans(report.extensionOverhead.map { [$0] } ?? [], at: moment)),
        ]
    }

    func metrics(of report: InvocationReport) -> Members {
        [
            ("durationMs", milliseconds(report.duration)),
            ("billedDurationMs", String(report.billedMilliseconds)),
            ("memorySizeMB", String(report.memorySize)),
            ("maxMemoryUsedMB", report.maxMemoryUsedMB.map { String($0) }),
            ("initDurationMs", report.initDuration.map(milliseconds)),
        ]
    }

    func members(_ record: LogRecord.ExtensionRecord) -> Members {
        [
            ("name", text(record.name)), ("state", text(record.state.rawValue)),
            ("events", JSONText.array(record.events.map { text($0.rawValue) })),
            ("errorType", record.errorType.map(text)),
        ]
    }

    func subscription(_ record: LogRecord.SubscriptionRecord) -> String {
        JSONText.object([
            ("name", text(record.name)), ("state", text("Subscribed")),
            ("types", JSONText.array(record.types.map(text))),
        ])
    }

    private func members(_ status: LogRecord.Status) -> Members {
        switch status {
        case .success: [("status", text("success"))]
        case .timeout: [("status", text("timeout"))]
        // What the platform itself broke off is a failure; the rest is an error of the function's.
        case .error(let type) where type.hasPrefix("Sandbox."):
            [("status", text("failure")), ("errorType", text(type))]
        case .error(let type): [("status", text("error")), ("errorType", text(type))]
        }
    }

    private var tracing: String? {
        guard schema != nil, let traceID else { return nil }
        return JSONText.object([("type", text("X-Amzn-Trace-Id")), ("value", text(traceID))])
    }

    private func spans(_ spans: [LogRecord.Span], at moment: PlatformMoment) -> String? {
        guard !spans.isEmpty else { return nil }
        return JSONText.array(
            spans.map { span in
                JSONText.object([
                    ("name", text(span.name)), ("start", text(moment.text(of: span.start))),
                    ("durationMs", milliseconds(span.duration)),
                ])
            }
        )
    }

    func text(_ value: String) -> String { JSONText.quoted(value) }

    private func milliseconds(_ time: TimeAmount) -> String { time.milliseconds(decimals: 3) }
}
