import LambdaModel

/// How severe a platform event is, for `SystemLogLevel`.
///
/// Source: AWS Lambda developer guide, "Log-level filtering", system log level event mapping.
extension LogRecord {
    func systemLevel(_ initializationType: FunctionEnvironment.InitializationType) -> LoggingConfiguration.SystemLevel {
        switch self {
        case .initStart, .start, .end, .subscription: .info
        case .initRuntimeDone(_, let status): status == .success ? .debug : .warn
        case .initReport(_, _, .success): initializationType == .onDemand ? .debug : .info
        case .runtimeDone(let done): done.status == .success ? .debug : .warn
        case .report(let report): report.status == .success ? .info : .warn
        case .extensionState(let record): record.errorType == nil ? .info : .warn
        case .initReport, .fault, .timedOut, .crash: .warn
        }
    }
}
