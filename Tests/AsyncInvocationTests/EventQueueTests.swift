import FunctionStore
import LambdaModel
import Testing

@testable import AsyncInvocation

@Suite struct EventQueueTests {
    /// A queue with its clock; what happens is noted as words.
    private struct Bench {
        var queue: EventQueue
        var now: Int64 = 0
        var settings = EventInvokeSettings()
        var isGone = false

        init(_ change: (inout EventLimits) -> Void = { _ in }, scale: Double = 1) {
            var limits = EventLimits()
            change(&limits)
            queue = EventQueue(limits: limits, timing: EventTiming(scale: scale))
        }

        private var lookup: EventQueue.Settings {
            let settings: EventInvokeSettings? = isGone ? nil : settings
            return { _, _ in settings }
        }

        mutating func add(_ sequences: ClosedRange<Int64>, to function: String = "f", bytes: Int = 1) {
            for sequence in sequences { add(sequence, to: function, bytes: bytes) }
        }

        mutating func add(
            _ sequence: Int64,
            to function: String = "f",
            attempts: Int = 0,
            dueAt: Int64 = 0,
            bytes: Int = 1
        ) {
            let event = StoredEvent(
                sequence: sequence,
                id: "id-\(sequence)",
                function: function,
                acceptedAt: now,
                attempts: attempts,
                dueAt: dueAt,
                payloadBytes: bytes
            )
            queue.append(event, at: now)
        }

        mutating func advance(to time: Int64? = nil) -> [String] {
            now = time ?? now
            return queue.advance(at: now, settings: lookup).map(Self.words)
        }

        mutating func end(_ sequence: Int64, _ result: EventQueue.Result) -> [String] {
            queue.ended(sequence, result, at: now, settings: lookup).map(Self.words)
        }

        /// The end of the event and of its storing.
        mutating func finish(_ sequence: Int64) {
            _ = end(sequence, .success)
            queue.removed(sequence)
        }

        var nextTime: Int64? { queue.nextTime(after: now, settings: lookup) }

        private static func words(_ action: EventQueue.Action) -> String {
            switch action {
            case .run(let event): "run \(event.sequence)"
            case .conclude(let event, let condition): "\(event.sequence) \(condition.rawValue) after \(event.attempts)"
            case .update(let event): "\(event.sequence) ran \(event.attempts), due \(event.dueAt)"
            }
        }
    }

    private static let hours6: Int64 = 21_600_000

    @Test func oneAfterTheOther() {
        var bench = Bench()
        bench.add(1...3)
        #expect(bench.advance() == ["run 1", "run 2", "run 3"])
        #expect(bench.advance() == [])
        #expect(bench.end(2, .success) == ["2 Success after 1"])
        #expect(bench.queue.count == 3)
        bench.queue.removed(2)
        #expect(bench.queue.count == 2)
        #expect(bench.queue.inFlight == 2)
    }

    @Test func everyFunctionHasItsTurn() {
        var bench = Bench()
        bench.add(1...3, to: "a")
        bench.add(4...5, to: "b")
        bench.add(6...6, to: "c")
        #expect(bench.advance() == ["run 1", "run 4", "run 6", "run 2", "run 5", "run 3"])
    }

    @Test func aFloodLeavesRoomForOthers() {
        var bench = Bench { $0.runningPerFunction = 2 }
        bench.add(1...9, to: "flood")
        #expect(bench.advance() == ["run 1", "run 2"])
        bench.add(10, to: "b")
        #expect(bench.advance() == ["run 10"])
        #expect(bench.nextTime == Self.hours6)
        bench.finish(1)
        #expect(bench.advance() == ["run 3"])
    }

    @Test func allTogetherAreBounded() {
        var bench = Bench { $0.running = 3 }
        for (index, function) in ["a", "b", "c", "d"].enumerated() { bench.add(Int64(index + 1), to: function) }
        #expect(bench.advance() == ["run 1", "run 2", "run 3"])
        bench.finish(2)
        #expect(bench.advance() == ["run 4"])
    }

    @Test func payloadsInMemoryAreBounded() {
        var bench = Bench { $0.runningBytes = 25 }
        bench.add(1...3, bytes: 10)
        #expect(bench.advance() == ["run 1", "run 2"])
        bench.finish(1)
        #expect(bench.advance() == ["run 3"])
        bench.finish(2)
        bench.finish(3)
        // One that is larger than all may be runs alone.
        bench.add(4, bytes: 100)
        #expect(bench.advance() == ["run 4"])
        #expect(bench.queue.bytes == 100)
    }

    @Test func aFailureIsTriedTwiceMore() {
        var bench = Bench()
        bench.add(1)
        #expect(bench.advance() == ["run 1"])
        #expect(bench.end(1, .functionError) == ["1 ran 1, due 60000"])
        #expect(bench.nextTime == 60_000)
        #expect(bench.advance(to: 59_999) == [])
        #expect(bench.advance(to: 60_000) == ["run 1"])
        #expect(bench.end(1, .functionError) == ["1 ran 2, due 180000"])
        #expect(bench.advance(to: 180_000) == ["run 1"])
        #expect(bench.end(1, .functionError) == ["1 RetriesExhausted after 3"])
        bench.queue.removed(1)
        #expect(bench.queue.count == 0)
        #expect(bench.nextTime == nil)
    }

    @Test(arguments: [(0, ["1 RetriesExhausted after 1"]), (1, ["1 ran 1, due 60000"])])
    func retriesAreAsManyAsWanted(retries: Int, actions: [String]) {
        var bench = Bench()
        bench.settings.maximumRetryAttempts = retries
        bench.add(1)
        _ = bench.advance()
        #expect(bench.end(1, .functionError) == actions)
    }

    /// Where the next run would come too late the event is given up at once.
    @Test func aRetryThatWouldBeTooLate() {
        var bench = Bench()
        bench.settings.maximumEventAge = 60
        bench.add(1)
        _ = bench.advance()
        #expect(bench.end(1, .functionError) == ["1 EventAgeExceeded after 1"])
    }

    @Test func allTimesAreScaled() {
        var bench = Bench(scale: 0.001)
        bench.add(1...2)
        _ = bench.advance()
        #expect(bench.end(1, .functionError) == ["1 ran 1, due 60"])
        #expect(bench.end(2, .unavailable) == [])
        #expect(bench.nextTime == 1)
        #expect(bench.advance(to: 1) == ["run 2"])
        #expect(bench.end(2, .throttled) == [])
        #expect(bench.advance(to: 21_600) == ["1 EventAgeExceeded after 1", "2 EventAgeExceeded after 0"])
    }

    @Test func whoIsNotTakenIsTriedAgainLaterAndLater() {
        var bench = Bench()
        bench.add(1)
        var waits: [Int64] = []
        for _ in 0..<11 {
            #expect(bench.advance() == ["run 1"])
            #expect(bench.end(1, .throttled) == [])
            #expect(bench.advance() == [])
            let next = bench.nextTime ?? 0
            waits.append((next - bench.now) / 1000)
            bench.now = next
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
        // One that is taken ends that.
        #expect(bench.advance() == ["run 1"])
        bench.finish(1)
        bench.add(2)
        #expect(bench.advance() == ["run 2"])
        #expect(bench.end(2, .unavailable) == [])
        #expect(bench.nextTime == bench.now + 1000)
    }

    @Test func tooOldWhileItWaits() {
        var bench = Bench()
        bench.settings.maximumEventAge = 60
        bench.add(1...2)
        _ = bench.advance()
        #expect(bench.end(2, .throttled) == [])
        #expect(bench.end(1, .throttled) == [])
        #expect(bench.advance(to: 1_000) == ["run 1"])
        #expect(bench.end(1, .throttled) == [])
        bench.now = 59_000
        #expect(bench.nextTime == 60_000)
        #expect(bench.advance(to: 60_000) == ["1 EventAgeExceeded after 0", "2 EventAgeExceeded after 0"])
    }

    /// As many run as the function takes; the end of one makes room for one.
    @Test func aThrottledFunctionGetsOneForOne() {
        var bench = Bench()
        bench.add(1...6)
        #expect(bench.advance().count == 6)
        for sequence in Int64(3)...6 { #expect(bench.end(sequence, .throttled) == []) }
        #expect(bench.advance() == [])
        _ = bench.end(2, .success)
        // In the order of their acceptance.
        #expect(bench.advance() == ["run 3"])
        _ = bench.end(1, .functionError)
        #expect(bench.advance() == ["run 4", "run 5"])
    }

    @Test func noConcurrencyIsTheEnd() {
        var bench = Bench()
        bench.add(1)
        _ = bench.advance()
        #expect(bench.end(1, .zeroConcurrency) == ["1 ZeroReservedConcurrency after 0"])
    }

    /// An event whose function is gone waits for it, as long as events wait.
    @Test func aFunctionThatIsGone() {
        var bench = Bench()
        bench.isGone = true
        bench.add(1)
        #expect(bench.advance() == ["run 1"])
        #expect(bench.end(1, .unavailable) == [])
        bench.queue.wake("f")
        #expect(bench.advance() == ["run 1"])
        #expect(bench.end(1, .unavailable) == [])
        #expect(bench.advance(to: Self.hours6) == ["1 EventAgeExceeded after 0"])
    }

    @Test func anEndThatCannotBeStored() {
        var bench = Bench()
        bench.add(1)
        _ = bench.advance()
        #expect(bench.end(1, .success) == ["1 Success after 1"])
        bench.queue.notRemoved(1, at: bench.now)
        #expect(bench.advance() == [])
        #expect(bench.nextTime == 1_000)
        #expect(bench.advance(to: 1_000) == ["run 1"])
        #expect(bench.end(1, .success) == ["1 Success after 1"])
    }

    /// Neither is one that is too old tried again and again.
    @Test func anExpiryThatCannotBeStored() {
        var bench = Bench()
        bench.add(1)
        #expect(bench.advance(to: Self.hours6) == ["1 EventAgeExceeded after 0"])
        bench.queue.notRemoved(1, at: bench.now)
        #expect(bench.advance() == [])
        #expect(bench.nextTime == Self.hours6 + 1_000)
        #expect(bench.advance(to: Self.hours6 + 1_000) == ["1 EventAgeExceeded after 0"])
    }

    @Test func whatIsFoundAtTheStart() {
        var bench = Bench()
        bench.now = 1_000
        bench.add(1, attempts: 1, dueAt: 5_000)
        bench.add(2, attempts: 1, dueAt: 900)
        bench.add(3, dueAt: 1_200)
        #expect(bench.advance() == ["run 2", "run 3"])
        #expect(bench.nextTime == 5_000)
        #expect(bench.advance(to: 5_000) == ["run 1"])
        #expect(bench.end(1, .functionError) == ["1 ran 2, due 125000"])
    }

    @Test func nothingStartsAfterTheStop() {
        var bench = Bench()
        bench.add(1...2)
        _ = bench.advance()
        bench.add(3)
        bench.queue.stop()
        #expect(bench.advance() == [])
        #expect(bench.end(1, .success) == ["1 Success after 1"])
        #expect(bench.end(2, .unavailable) == [])
        #expect(bench.advance(to: 10_000) == [])
        #expect(bench.nextTime == nil)
    }

    @Test func whatTheStoreHasLost() {
        var bench = Bench()
        bench.add(1...2)
        _ = bench.advance()
        bench.queue.vanished(1)
        #expect(bench.queue.count == 1)
        #expect(bench.queue.inFlight == 1)
        #expect(bench.end(1, .success) == [])
    }

    @Test func whatEndsTwiceEndsOnce() {
        var bench = Bench()
        bench.add(1)
        _ = bench.advance()
        #expect(bench.end(1, .success) == ["1 Success after 1"])
        #expect(bench.end(1, .success) == [])
        bench.queue.removed(1)
        bench.queue.removed(1)
        bench.queue.notRemoved(1, at: 0)
        #expect(bench.queue.inFlight == 0)
        #expect(bench.queue.bytes == 0)
    }
}
