import Dispatch
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import ExecutionEnvironment

struct FunctionLogTests {
    /// Where a log writes; the writing can be held up, as a reader that is too slow would.
    private final class Sink: Sendable {
        let text = Mutex("")
        let gate = DispatchSemaphore(value: 0)
        let arrivals = DispatchSemaphore(value: 0)

        func write(_ bytes: ByteBuffer) {
            arrivals.signal()
            gate.wait()
            text.withLock { $0 += String(buffer: bytes) }
        }
    }

    private let sink = Sink()
    private let threads: TestThreads
    private let log: NIOLoopBound<FunctionLog>

    init() throws {
        threads = TestThreads()
        let (sink, loop, pool) = (sink, threads.loop, threads.pool)
        log = try loop.submit {
            NIOLoopBound(
                FunctionLog(eventLoop: loop, threadPool: pool) { sink.write($0) },
                eventLoop: loop
            )
        }.wait()
    }

    private func onLoop<Result: Sendable>(_ body: @escaping @Sendable (FunctionLog) -> Result) throws -> Result {
        try threads.loop.submit { [log] in body(log.value) }.wait()
    }

    private func flush() throws {
        try threads.loop.flatSubmit { [log] in log.value.flush() }.wait()
    }

    private func open(_ count: Int) {
        for _ in 0..<count { sink.gate.signal() }
    }

    @Test func linesAndOutputKeepTheirOrder() throws {
        open(10)
        try onLoop { log in
            for number in 0..<100 {
                log.append(platform: "platform \(number)\n")
                log.append(output: ByteBuffer(string: "output \(number)\n"))
            }
        }
        try flush()
        let expected = (0..<100).map { "platform \($0)\noutput \($0)\n" }.joined()
        #expect(sink.text.withLock { $0 } == expected)
    }

    @Test func whatIsAppendedIsWrittenWithoutAFlush() throws {
        open(1)
        try onLoop { $0.append(platform: "line\n") }
        #expect(sink.arrivals.wait(timeout: .now() + 10) == .success)
    }

    @Test func aNewLineBeginsOnlyBehindOneThatHasNoEnd() throws {
        open(10)
        try onLoop { log in
            log.beginLine()
            log.append(output: ByteBuffer(string: "of one"))
            log.beginLine()
            log.beginLine()
            log.append(output: ByteBuffer(string: "of another\n"))
            log.beginLine()
        }
        try flush()
        #expect(sink.text.withLock { $0 } == "of one\nof another\n")
    }

    @Test func aFlushOfNothingSucceeds() throws {
        try flush()
        #expect(sink.text.withLock { $0 }.isEmpty)
    }

    @Test func aFlushWithALimitDoesNotWaitForAReaderThatStandsStill() throws {
        try onLoop { $0.append(platform: "line\n") }
        let start = ContinuousClock.now
        try threads.loop.flatSubmit { [log] in log.value.flush(within: .milliseconds(50)) }.wait()
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        open(1)
        try threads.loop.flatSubmit { [log] in log.value.flush(within: .hours(1)) }.wait()
        #expect(sink.text.withLock { $0 } == "line\n")
    }

    @Test func aSlowReaderHoldsProcessesBackUntilItHasCaughtUp() throws {
        let resumed = DispatchSemaphore(value: 0)
        try onLoop { log in
            log.append(platform: "first\n")
        }
        #expect(sink.arrivals.wait(timeout: .now() + 10) == .success)
        let isCongested = try onLoop { log in
            log.append(output: ByteBuffer(repeating: 0x78, count: FunctionLog.pauseBytes))
            log.whenUncongested { resumed.signal() }
            return log.isCongested
        }
        #expect(isCongested)
        #expect(resumed.wait(timeout: .now()) == .timedOut)
        open(10)
        #expect(resumed.wait(timeout: .now() + 10) == .success)
        #expect(try onLoop { !$0.isCongested })
    }

    @Test func aReaderThatStandsStillCostsBoundedMemory() throws {
        try onLoop { $0.append(platform: "first\n") }
        #expect(sink.arrivals.wait(timeout: .now() + 10) == .success)
        try onLoop { log in
            let piece = ByteBuffer(repeating: 0x78, count: 1 << 20)
            for _ in 0..<20 { log.append(output: piece) }
            for _ in 0..<5 { log.append(platform: "lost\n") }
        }
        open(10)
        try flush()
        let text = sink.text.withLock { $0 }
        #expect(text.utf8.count < FunctionLog.dropBytes + 1000)
        #expect(text.hasSuffix("[17 pieces of the log were dropped here: its reader is too slow]\n"))
        #expect(!text.contains("lost"))
    }
}
