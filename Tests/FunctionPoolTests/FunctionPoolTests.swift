import ExecutionEnvironment
import LambdaModel
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import FunctionPool

/// A pool whose function cannot be launched, so that its invocations end without a process.
struct FunctionPoolTests {
    /// What became of invocations, in the order in which it did.
    private final class Outcomes: Sendable {
        private let list = Mutex<[String]>([])
        var all: [String] { list.withLock { $0 } }
        func add(_ text: String) { list.withLock { $0.append(text) } }
    }

    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let outcomes = Outcomes()

    private func pool() throws -> NIOLoopBound<FunctionPool> {
        let loop = loop
        return try loop.flatSubmit {
            let configuration = EnvironmentConfiguration(function: FunctionConfiguration(name: "f")) {
                (_, _) throws(LaunchFailure) in
                throw .noEntrypoint
            }
            let log = FunctionLog(eventLoop: loop, threadPool: .singleton) { _ in }
            let pool = FunctionPool(configuration: configuration, eventLoop: loop, threadPool: .singleton, log: log)
            let bound = NIOLoopBound(pool, eventLoop: loop)
            return pool.open().map { bound }
        }.wait()
    }

    /// Submits invocations in one turn of the event loop; the future succeeds when the last of them is over.
    private func submit(_ ids: Range<Int>, to pool: NIOLoopBound<FunctionPool>) -> EventLoopFuture<[Bool]> {
        let (loop, outcomes) = (loop, outcomes)
        return loop.flatSubmit {
            var ends: [EventLoopFuture<Void>] = []
            let accepted = ids.map { id in
                let end = loop.makePromise(of: Void.self)
                ends.append(end.futureResult)
                let request = InvocationRequest(requestID: "\(id)", invokedFunctionARN: "arn:f")
                let invocation = Invocation(request: request, payload: ByteBuffer())
                invocation.onAnswer = { outcome in
                    if case .abandoned = outcome { outcomes.add("\(id) abandoned") } else { outcomes.add("\(id) run") }
                }
                invocation.onOver = { _ in end.succeed(()) }
                return pool.value.submit(invocation)
            }
            return EventLoopFuture.andAllSucceed(ends, on: loop).map { accepted }
        }
    }

    private func shutdown(_ pool: NIOLoopBound<FunctionPool>) throws {
        try loop.flatSubmit { pool.value.shutdown() }.wait()
    }

    @Test func invocationsRunInTheirOrder() throws {
        let pool = try pool()
        #expect(try submit(0..<20, to: pool).wait() == Array(repeating: true, count: 20))
        #expect(outcomes.all == (0..<20).map { "\($0) run" })
        try shutdown(pool)
    }

    @Test func theQueueHasALimitAndAShutdownAbandonsWhoWaits() throws {
        let pool = try pool()
        let count = FunctionPool.queueLimit + 3
        let results = submit(0..<count, to: pool)
        try shutdown(pool)
        let accepted = try results.wait()
        // One runs, as many as the limit wait, two are refused.
        #expect(accepted.filter { $0 }.count == FunctionPool.queueLimit + 1)
        #expect(accepted.suffix(2) == [false, false])
        #expect(outcomes.all.count == count)
        #expect(outcomes.all.prefix(2) == ["\(count - 2) abandoned", "\(count - 1) abandoned"])
        #expect(try submit(9000..<9001, to: pool).wait() == [false])
        #expect(outcomes.all.last == "9000 abandoned")
        try shutdown(pool)
    }

    @Test func poolsShareALimit() throws {
        let loop = loop
        let account = try loop.submit { NIOLoopBound(ConcurrencyLimit(1), eventLoop: loop) }.wait()
        let pools = try (0..<2).map { _ in
            try loop.flatSubmit {
                let configuration = EnvironmentConfiguration(function: FunctionConfiguration(name: "f")) {
                    (_, _) throws(LaunchFailure) in
                    throw .noEntrypoint
                }
                let pool = FunctionPool(
                    configuration: configuration,
                    limits: .init(environments: 5, waiting: 5),
                    account: account.value,
                    eventLoop: loop,
                    threadPool: .singleton,
                    log: FunctionLog(eventLoop: loop, threadPool: .singleton) { _ in }
                )
                let bound = NIOLoopBound(pool, eventLoop: loop)
                return pool.open().map { bound }
            }.wait()
        }
        // Those of the second pool wait for the first one's to end.
        let results = try [submit(0..<3, to: pools[0]), submit(10..<13, to: pools[1])].map { try $0.wait() }
        #expect(results == [[true, true, true], [true, true, true]])
        #expect(outcomes.all.sorted() == ["0 run", "1 run", "10 run", "11 run", "12 run", "2 run"])
        #expect(try loop.submit { account.value.running }.wait() == 0)
        for pool in pools { try shutdown(pool) }
    }

    @Test func aRetiredPoolRunsWhatItHasTaken() throws {
        let (loop, pool) = (loop, try pool())
        let results = submit(0..<5, to: pool)
        let retired = loop.flatSubmit { pool.value.retire() }
        #expect(try submit(9..<10, to: pool).wait() == [false])
        #expect(try results.wait() == Array(repeating: true, count: 5))
        try retired.wait()
        #expect(outcomes.all.sorted() == ["0 run", "1 run", "2 run", "3 run", "4 run", "9 abandoned"])
        #expect(try loop.submit { pool.value.environmentCount }.wait() == 0)
        try shutdown(pool)
    }

    @Test func aPoolThatNobodyUsedRetiresAtOnce() throws {
        let (loop, pool) = (loop, try pool())
        try loop.flatSubmit { pool.value.retire() }.wait()
        try loop.flatSubmit { pool.value.retire() }.wait()
        try shutdown(pool)
    }

    @Test func theHardEndMayFollowARetirement() throws {
        let (loop, pool) = (loop, try pool())
        let results = submit(0..<50, to: pool)
        let retired = loop.flatSubmit {
            let retired = pool.value.retire()
            _ = pool.value.shutdown()
            return retired
        }
        try retired.wait()
        #expect(try results.wait().count == 50)
        #expect(outcomes.all.count == 50)
    }

    @Test func nobodyWaitsAtAClosedLimit() throws {
        let loop = loop
        let pool = try loop.flatSubmit {
            let configuration = EnvironmentConfiguration(function: FunctionConfiguration(name: "f")) {
                (_, _) throws(LaunchFailure) in
                throw .noEntrypoint
            }
            let pool = FunctionPool(
                configuration: configuration,
                limits: .init(environments: 5, waiting: 5),
                account: ConcurrencyLimit(0),
                eventLoop: loop,
                threadPool: .singleton,
                log: FunctionLog(eventLoop: loop, threadPool: .singleton) { _ in }
            )
            let bound = NIOLoopBound(pool, eventLoop: loop)
            return pool.open().map { bound }
        }.wait()
        #expect(try submit(0..<2, to: pool).wait() == [false, false])
        try shutdown(pool)
    }
}
