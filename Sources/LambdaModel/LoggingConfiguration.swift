/// Levels in the order of their cases, least severe first.
package protocol LogLevel: CaseIterable, Comparable {}

extension LogLevel {
    package static func < (left: Self, right: Self) -> Bool {
        for level in allCases where level == left || level == right { return level != right }
        return false
    }
}

/// A function's `LoggingConfig`.
package struct LoggingConfiguration: Sendable, Hashable {
    /// The form of the platform's own log lines.
    package enum Format: String, Sendable, CaseIterable {
        case text = "Text"
        case json = "JSON"
    }

    /// Levels of `ApplicationLogLevel`, least severe first.
    package enum ApplicationLevel: String, Sendable, LogLevel {
        case trace = "TRACE"
        case debug = "DEBUG"
        case info = "INFO"
        case warn = "WARN"
        case error = "ERROR"
        case fatal = "FATAL"
    }

    /// Levels of `SystemLogLevel`, least severe first.
    package enum SystemLevel: String, Sendable, LogLevel {
        case debug = "DEBUG"
        case info = "INFO"
        case warn = "WARN"
    }

    package var format: Format
    /// Only with `.json`.
    package var applicationLevel: ApplicationLevel?
    /// Only with `.json`.
    package var systemLevel: SystemLevel?
    /// The CloudWatch log group; `nil` means `/aws/lambda/NAME`.
    package var logGroup: String?

    package init(
        format: Format = .text,
        applicationLevel: ApplicationLevel? = nil,
        systemLevel: SystemLevel? = nil,
        logGroup: String? = nil
    ) {
        self.format = format
        self.applicationLevel = applicationLevel
        self.systemLevel = systemLevel
        self.logGroup = logGroup
    }
}
