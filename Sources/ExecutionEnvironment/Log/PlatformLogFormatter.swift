import LambdaModel
import NIOCore

/// Writes the platform's log lines. The text form is Lambda's byte for byte: tabs between the fields of a report, two
/// decimals of a millisecond.
struct PlatformLogFormatter {
    let function: FunctionConfiguration
    private let json: PlatformLogJSON?

    init(
        function: FunctionConfiguration,
        initializationType: FunctionEnvironment.InitializationType = .onDemand
    ) {
        self.function = function
        json =
            switch function.logging.format {
            case .text: nil
            case .json:
                PlatformLogJSON(
                    event: PlatformEvent(
                        function: function,
                        initializationType: initializationType,
                        instanceID: "",
                        schema: nil
                    )
                )
            }
    }

    /// The line, or lines, of a record in the form that the function's `LoggingConfig` asks for; `nil` for none.
    func line(of record: LogRecord, at moment: () -> PlatformMoment) -> String? {
        if let json { return json.line(of: record, at: moment()) }
        return text(of: record, at: moment)
    }

    func text(of record: LogRecord, at moment: () -> PlatformMoment) -> String? {
        switch record {
        case .initStart(.`init`): return "INIT_START Runtime Version: \(function.runtime.versionLabel)\n"
        case .initReport(let duration, let phase, let status): return initReport(duration, phase, status)
        case .start(let id): return "START RequestId: \(id) Version: \(function.version)\n"
        case .fault(let id, let type, let message):
            return "RequestId: \(id) Error: \(Printable.text(message))\n\(type)\n"
        case .timedOut(let id):
            return "\(moment().text) \(id) Task timed out after \(function.timeout).00 seconds\n"
        case .end(let id): return "END RequestId: \(id)\n"
        case .report(let report): return self.report(report)
        case .extensionState(let record): return extensionState(record)
        case .subscription(let record): return subscription(record)
        case .crash(let explanation):
            return explanation.lines.isEmpty ? nil : explanation.lines.joined(separator: "\n") + "\n"
        case .initStart(.invoke), .initRuntimeDone, .runtimeDone: return nil
        }
    }

    /// Only a failed init has a line.
    private func initReport(
        _ duration: TimeAmount,
        _ phase: LogRecord.InitPhase,
        _ status: LogRecord.Status
    ) -> String? {
        let head = "INIT_REPORT Init Duration: \(duration.milliseconds(decimals: 2)) ms\tPhase: \(phase.rawValue)"
        switch status {
        case .success: return nil
        case .timeout: return head + "\tStatus: timeout\n"
        case .error(let type): return head + "\tStatus: error\tError Type: \(type)\n"
        }
    }

    private func report(_ report: InvocationReport) -> String {
        var fields = [
            "REPORT RequestId: \(report.requestID)",
            "Duration: \(report.duration.milliseconds(decimals: 2)) ms",
            "Billed Duration: \(report.billedMilliseconds) ms",
            "Memory Size: \(report.memorySize) MB",
        ]
        if let used = report.maxMemoryUsedMB { fields.append("Max Memory Used: \(used) MB") }
        if let initDuration = report.initDuration {
            fields.append("Init Duration: \(initDuration.milliseconds(decimals: 2)) ms")
        }
        switch report.status {
        case .success: break
        case .timeout: fields.append("Status: timeout")
        case .error(let type): fields += ["Status: error", "Error Type: \(type)"]
        }
        return fields.joined(separator: "\t") + "\n"
    }

    private func extensionState(_ record: LogRecord.ExtensionRecord) -> String {
        let events = record.events.map(\.rawValue).joined(separator: ",")
        let error = record.errorType.map { "\tError Type: \($0)" } ?? ""
        let name = Printable.text(record.name)
        return "EXTENSION\tName: \(name)\tState: \(record.state.rawValue)\tEvents: [\(events)]\(error)\n"
    }

    private func subscription(_ record: LogRecord.SubscriptionRecord) -> String {
        let types = record.types.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: ", ")
        let api = record.isOfLogsAPI ? "LOGS" : "TELEMETRY"
        return "\(api)\tName: \(Printable.text(record.name))\tState: Subscribed\tTypes: [\(types)]\n"
    }
}
