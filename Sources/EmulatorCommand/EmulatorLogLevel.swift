/// How much `rie` says for itself, besides the function's log, in the words that AWS's emulator takes.
package enum EmulatorLogLevel: Int, Sendable, Hashable, Comparable {
    /// A line an invocation and an answer.
    case debug
    /// What is started, and where invocations are taken.
    case info
    case warning
    /// Errors are said at every level.
    case error

    /// The names of the levels, in any case; the two words that AWS's emulator has below and the two above stand for
    /// the nearest.
    package init?(_ name: String) {
        switch name.lowercased() {
        case "trace", "debug": self = .debug
        case "info": self = .info
        case "warn", "warning": self = .warning
        case "error", "fatal", "panic": self = .error
        default: return nil
        }
    }

    /// The level that counts: the option's, else the variable's.
    ///
    /// - Parameter variable: `LOG_LEVEL`. It may be meant for the function and hold a word of its own; that counts as
    ///   `info`.
    package static func chosen(option: EmulatorLogLevel?, variable: String?) -> EmulatorLogLevel {
        option ?? variable.flatMap { EmulatorLogLevel($0) } ?? .info
    }

    package static func < (left: EmulatorLogLevel, right: EmulatorLogLevel) -> Bool { left.rawValue < right.rawValue }
}
