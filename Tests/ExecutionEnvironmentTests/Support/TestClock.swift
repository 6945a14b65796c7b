import NIOCore
import Synchronization

@testable import ExecutionEnvironment

/// The machine's clock, which a test may turn back and forth again: what is due in three seconds by a clock that is
/// three seconds late is due at once.
final class TestClock: Sendable {
    private let delay: Mutex<Int64>
    private let delaysAtLaunches: Mutex<[Int64]>

    /// - Parameters:
    ///   - delay: how late the clock is at first, in seconds.
    ///   - delaysAtLaunches: how late it is from each launch of a process on.
    init(delay: Int64 = 0, delaysAtLaunches: [Int64] = []) {
        self.delay = Mutex(delay)
        self.delaysAtLaunches = Mutex(delaysAtLaunches)
    }

    func setDelay(_ seconds: Int64) { delay.withLock { $0 = seconds } }

    func noteLaunch() {
        let next = delaysAtLaunches.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if let next { setDelay(next) }
    }

    var environmentClock: EnvironmentClock {
        EnvironmentClock(
            now: { .now() - .seconds(self.delay.withLock { $0 }) },
            epochMilliseconds: { WallClock.epochMilliseconds() }
        )
    }
}
