package import LambdaModel
package import NIOCore

/// The figures of one invocation: those of its `REPORT` line.
package struct InvocationReport: Sendable, Hashable {
    package var requestID: String
    /// From the hand-over of the event to the runtime's next request.
    package var duration: TimeAmount
    /// Only on the invocation that paid for the init phase.
    package var initDuration: TimeAmount?
    /// MB.
    package var memorySize: Int
    /// Peak of resident memory, in bytes; `nil` where this machine cannot tell.
    package var maxMemoryUsedBytes: Int?
    package var status: Status
    /// How the process ended, where it did.
    package var exit: ProcessExit?
    /// A process that was killed because the environment held more memory than it may: the runtime, or a child of it.
    package var outOfMemory: OutOfMemory?
    /// The crashes that were seen during the invocation, of children too and though it may have succeeded: each place
    /// once, in the order of their coming.
    package var crashFacts: [CrashFacts] = []
    /// What there was to say of them.
    package var crashes: [CrashExplanation] = []
    /// The time that extensions went on after the runtime was done.
    var extensionOverhead: LogRecord.Span?

    package enum Status: Sendable, Hashable {
        case success
        case timeout
        case error(type: String)
    }

    /// Duration and init duration together, rounded up to whole milliseconds.
    package var billedMilliseconds: Int64 {
        let nanoseconds = duration.nanoseconds + (initDuration?.nanoseconds ?? 0)
        return (nanoseconds + 999_999) / 1_000_000
    }

    /// The duration in milliseconds with two decimals, as the `REPORT` line has it.
    package var durationText: String { duration.milliseconds(decimals: 2) }

    /// The same for the init duration.
    package var initDurationText: String? { initDuration?.milliseconds(decimals: 2) }

    /// Rounded up to whole MB. May exceed the configured size where nothing enforces that.
    package var maxMemoryUsedMB: Int? {
        maxMemoryUsedBytes.map { ($0 + 1_048_575) / 1_048_576 }
    }
}
