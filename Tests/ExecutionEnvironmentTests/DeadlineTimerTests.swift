import NIOCore
import NIOEmbedded
import Testing

@testable import ExecutionEnvironment

struct DeadlineTimerTests {
    /// A timer on a loop whose time a test moves. It asks for the time whenever it wakes with a deadline.
    private final class Alarm {
        let loop = EmbeddedEventLoop()
        private(set) var firings = 0
        private(set) var alarms: [UInt64] = []
        private(set) lazy var timer = DeadlineTimer(on: loop) { [unowned self] in
            firings += 1
            return loop.now
        }

        func set(_ seconds: Int64) {
            timer.onFire = { [unowned self] in alarms.append($0.uptimeNanoseconds / 1_000_000_000) }
            timer.set(.uptimeNanoseconds(0) + .seconds(seconds))
        }

        func advance(to seconds: Int64) {
            loop.advanceTime(to: .uptimeNanoseconds(0) + .seconds(seconds))
        }
    }

    @Test func firesAtItsDeadline() {
        let alarm = Alarm()
        defer { alarm.timer.cancel() }
        alarm.set(10)
        alarm.advance(to: 9)
        #expect(alarm.alarms == [])
        alarm.advance(to: 10)
        #expect(alarm.alarms == [10])
    }

    @Test func aDeadlineThatMovesForwardCostsOneFiring() {
        let alarm = Alarm()
        defer { alarm.timer.cancel() }
        for second in Int64(10)..<20 { alarm.set(second) }
        alarm.advance(to: 30)
        #expect(alarm.alarms.count == 1)
        #expect(alarm.firings == 2)
    }

    @Test func aDeadlineThatMovesBackFiresInTime() {
        let alarm = Alarm()
        defer { alarm.timer.cancel() }
        alarm.set(10)
        alarm.set(3)
        alarm.advance(to: 3)
        #expect(alarm.alarms == [3])
    }

    @Test func firesAgainAfterAFiring() {
        let alarm = Alarm()
        defer { alarm.timer.cancel() }
        alarm.set(3)
        alarm.advance(to: 3)
        alarm.set(6)
        alarm.advance(to: 6)
        alarm.set(9)
        alarm.advance(to: 9)
        #expect(alarm.alarms == [3, 6, 9])
    }

    @Test func aClearedTimerIsSilentUntilItIsSetAgain() {
        let alarm = Alarm()
        defer { alarm.timer.cancel() }
        alarm.set(3)
        alarm.timer.clear()
        alarm.advance(to: 4)
        #expect(alarm.alarms == [])
        alarm.set(6)
        alarm.timer.clear()
        alarm.set(8)
        alarm.advance(to: 7)
        #expect(alarm.alarms == [])
        alarm.advance(to: 8)
        #expect(alarm.alarms == [8])
    }

    @Test func aCancelledTimerHoldsNothing() {
        weak var gone: Alarm?
        weak var goneTimer: DeadlineTimer?
        do {
            let alarm = Alarm()
            gone = alarm
            goneTimer = alarm.timer
            alarm.set(1000)
            alarm.timer.cancel()
        }
        #expect(gone == nil)
        #expect(goneTimer == nil)
    }
}
