import LambdaModel
import NIOCore

/// Writes the platform's log lines. The text form is Lambda's byte for byte: tabs between the fields of a report, two
/// decimals of a millisecond.
struct PlatformLogFormatter {
    let function: FunctionConfiguration

    /// The line, or lines, of a record in the form that the function's `LoggingConfig` asks for; `nil` for none.
    func line(of record: LogRecord, epochMilliseconds: () -> Int64) -> String? {
        switch function.logging.format {
        case .text: text(of: record, epochMilliseconds: epochMilliseconds)
        case .json: PlatformLogJSON(function: function).line(of: record, epochMilliseconds: epochMilliseconds())
        }
    }

    func text(of record: LogRecord, epochMilliseconds: () -> Int64) -> String {
        switch record {
        case .initStart:
            return "INIT_START Runtime Version: \(function.runtime.versionLabel)\n"
        case .initReport(let duration, let phase, let failure):
            let head = "INIT_REPORT Init Duration: \(Self.milliseconds(duration)) ms\tPhase: \(phase.rawValue)"
            switch failure {
            case .timeout: return head + "\tStatus: timeout\n"
            case .error(let type): return head + "\tStatus: error\tError Type: \(type)\n"
            }
        case .start(let id):
            return "START RequestId: \(id) Version: \(function.version)\n"
        case .fault(let id, let type, let message):
            return "RequestId: \(id) Error: \(message)\n\(type)\n"
        case .timedOut(let id):
            let time = WallClock.iso8601(epochMilliseconds: epochMilliseconds())
            return "\(time) \(id) Task timed out after \(function.timeout).00 seconds\n"
        case .end(let id):
            return "END RequestId: \(id)\n"
        case .report(let report):
            return self.report(report)
        case .crash(let explanation):
            return explanation.lines.isEmpty ? "" : explanation.lines.joined(separator: "\n") + "\n"
        }
    }

    private func report(_ report: InvocationReport) -> String {
        var fields = [
            "REPORT RequestId: \(report.requestID)",
            "Duration: \(Self.milliseconds(report.duration)) ms",
            "Billed Duration: \(report.billedMilliseconds) ms",
            "Memory Size: \(report.memorySize) MB",
        ]
        if let used = report.maxMemoryUsedMB { fields.append("Max Memory Used: \(used) MB") }
        if let initDuration = report.initDuration {
            fields.append("Init Duration: \(Self.milliseconds(initDuration)) ms")
        }
        switch report.status {
        case .success: break
        case .timeout: fields.append("Status: timeout")
        case .error(let type): fields += ["Status: error", "Error Type: \(type)"]
        }
        return fields.joined(separator: "\t") + "\n"
    }

    /// Two decimals, rounded half up, without Foundation's formatting.
    static func milliseconds(_ time: TimeAmount) -> String {
        let hundredths = (max(0, time.nanoseconds) + 5_000) / 10_000
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
