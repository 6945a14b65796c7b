package import NIOCore
import NIOPosix

/// The time, injected: deadlines are tested without waiting.
package struct EnvironmentClock: Sendable {
    /// Monotonic time.
    package var now: @Sendable () -> NIODeadline
    /// Milliseconds since 1970-01-01 UTC.
    package var epochMilliseconds: @Sendable () -> Int64

    package init(now: @escaping @Sendable () -> NIODeadline, epochMilliseconds: @escaping @Sendable () -> Int64) {
        self.now = now
        self.epochMilliseconds = epochMilliseconds
    }

    /// This machine's clocks.
    package static let system = EnvironmentClock(
        now: { .now() },
        epochMilliseconds: { WallClock.epochMilliseconds() }
    )
}
