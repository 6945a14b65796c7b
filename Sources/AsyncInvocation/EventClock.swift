import ExecutionEnvironment
import NIOCore

/// Milliseconds since 1970-01-01 UTC that go on evenly, whatever becomes of the wall clock meanwhile: were it put forward by
/// some hours, every event would be too old.
struct EventClock {
    private let clock: EnvironmentClock
    private let start: NIODeadline
    private let startEpoch: Int64

    init(_ clock: EnvironmentClock) {
        self.clock = clock
        start = clock.now()
        startEpoch = clock.epochMilliseconds()
    }

    func milliseconds() -> Int64 {
        startEpoch + (clock.now() - start).nanoseconds / 1_000_000
    }
}
