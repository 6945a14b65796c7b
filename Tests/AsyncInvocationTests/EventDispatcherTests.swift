import ExecutionEnvironment
import FunctionStore
import LambdaModel
import NIOCore
import NIOPosix
import NIOConcurrencyHelpers
import Testing

@testable import AsyncInvocation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// The dispatcher with a store in memory and functions that are none. A minute is 60 ms.
@Suite struct EventDispatcherTests {
    private final class Bench {
        let loop: any EventLoop
        let storage: FaultyStorage
        let target = FakeTarget()
        var notes: [String] = []
        var dispatcher: EventDispatcher?
        private let thread = NIOThreadPool(numberOfThreads: 1)

        init(_ storage: FaultyStorage, _ loop: any EventLoop) {
            self.storage = storage
            self.loop = loop
            thread.start()
        }

        deinit { thread.shutdownGracefully { _ in } }

        func make(_ limits: EventLimits) -> EventDispatcher {
            let made = EventDispatcher(
                storage: storage,
                target: target,
                limits: limits,
                timing: EventTiming(scale: 0.001),
                eventLoop: loop,
                thread: thread,
                note: { [weak self] in self?.notes.append($0) }
            )
            dispatcher = made
            return made
        }
    }

    private let storage = FaultyStorage()
    private let bench: NIOLoopBound<Bench>
    private let loop: any EventLoop

    init() throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        bench = try loop.submit { [storage] in NIOLoopBound(Bench(storage, loop), eventLoop: loop) }.wait()
        self.loop = loop
    }

    /// Makes a dispatcher and starts it.
    private func start(
        _ limits: EventLimits = EventLimits(),
        _ prepare: @escaping @Sendable (FakeTarget) -> Void = { _ in }
    ) throws -> Int {
        let bench = bench
        return try loop.flatSubmit {
            prepare(bench.value.target)
            return bench.value.make(limits).start()
        }.wait()
    }

    private func on<Value: Sendable>(_ body: @escaping @Sendable (FakeTarget, EventDispatcher) -> Value) throws -> Value
    {
        let bench = bench
        return try loop.submit {
            guard let dispatcher = bench.value.dispatcher else { throw EventRefusal.stopped }
            return body(bench.value.target, dispatcher)
        }.wait()
    }

    private func on<Value: Sendable>(
        _ body: @escaping @Sendable (FakeTarget, EventDispatcher) -> EventLoopFuture<Value>
    ) throws -> Value {
        let bench = bench
        return try loop.flatSubmit { () -> EventLoopFuture<Value> in
            guard let dispatcher = bench.value.dispatcher else {
                return bench.value.loop.makeFailedFuture(EventRefusal.stopped)
            }
            return body(bench.value.target, dispatcher)
        }.wait()
    }

    private static func event(_ payload: String, function: String = "f", depth: Int = 0) -> AsyncEvent {
        let request = InvocationRequest(requestID: "id-" + payload, invokedFunctionARN: "arn:aws:lambda:r:a:function:f")
        let contents = EventContents(request: request, payload: Array(payload.utf8))
        return AsyncEvent(function: function, qualifier: nil, contents: contents, depth: depth)
    }

    private func accept(_ payloads: String...) throws {
        try on { _, dispatcher in
            EventLoopFuture.andAllSucceed(
                payloads.map { dispatcher.accept(Self.event($0)) },
                on: dispatcher.eventLoop
            )
        }
    }

    private func refusal(_ body: () throws -> Void) -> EventRefusal? {
        do {
            try body()
            return nil
        } catch {
            return error as? EventRefusal
        }
    }

    /// Waits until as many runs have begun, and until nothing is left in the store.
    private func runs(_ count: Int) throws -> [String] {
        try on { target, dispatcher in target.whenRun(count, on: dispatcher.eventLoop) }
        return try on { target, _ in target.runs }
    }

    private func untilEmpty() throws {
        while try !storage.pending.isEmpty || on({ _, dispatcher in dispatcher.count }) > 0 { usleep(1_000) }
    }

    private var notes: [String] { get throws { try loop.submit { [bench] in bench.value.notes }.wait() } }

    // MARK: Accepting

    @Test func acceptedRunAndForgotten() throws {
        #expect(try start() == 0)
        try accept("1", "2", "3")
        #expect(try runs(3) == ["f 1", "f 2", "f 3"])
        try untilEmpty()
        #expect(storage.state.withLockedValue { $0.readings } == 0)
    }

    /// What comes while a commit runs shares the next one.
    @Test func oneCommitForMany() throws {
        _ = try start { $0.held = Set((0..<100).map { "\($0)" }) }
        try on { _, dispatcher in
            EventLoopFuture.andAllSucceed(
                (0..<100).map { dispatcher.accept(Self.event("\($0)")) },
                on: dispatcher.eventLoop
            )
        }
        #expect(storage.state.withLockedValue { $0.transactions } == [1, 99])
    }

    @Test func aCommitIsBounded() throws {
        var limits = EventLimits()
        limits.batchEvents = 10
        _ = try start(limits) { $0.held = Set((0..<25).map { "\($0)" }) }
        try on { _, dispatcher in
            EventLoopFuture.andAllSucceed(
                (0..<25).map { dispatcher.accept(Self.event("\($0)")) },
                on: dispatcher.eventLoop
            )
        }
        #expect(storage.state.withLockedValue { $0.transactions } == [1, 10, 10, 4])
    }

    @Test func withoutACommitNothingIsAccepted() throws {
        _ = try start()
        storage.fail(.insert)
        #expect(refusal { try accept("1") } == .notStored(FaultyStorage.fault))
        #expect(storage.pending == [])
        try accept("2")
        #expect(try runs(1) == ["f 2"])
    }

    @Test func noMoreThanMayWait() throws {
        var limits = EventLimits()
        limits.events = 2
        _ = try start(limits) { $0.held = ["1", "2"] }
        #expect(refusal { try accept("1", "2", "3") } == .queueFull)
        #expect(refusal { try accept("3") } == .queueFull)
        // The first refusal did not wait for the other two.
        #expect(try runs(2) == ["f 1", "f 2"])
        try on { target, _ in target.end("1") }
        try on { target, _ in target.end("2") }
        try untilEmpty()
        try accept("3")
    }

    @Test func noMoreBytesThanMayWait() throws {
        var limits = EventLimits()
        limits.bytes = 10
        _ = try start(limits) { $0.held = ["12345678"] }
        try accept("12345678")
        #expect(refusal { try accept("123") } == .queueFull)
        try accept("12")
    }

    @Test func whatIsNotKeptIsRead() throws {
        var limits = EventLimits()
        limits.keptBytes = 0
        _ = try start(limits)
        try accept("1", "2")
        #expect(try runs(2) == ["f 1", "f 2"])
        try untilEmpty()
        #expect(storage.state.withLockedValue { $0.readings } > 0)
    }

    // MARK: Ends

    @Test func aFailureIsTriedAgainAndNoted() throws {
        _ = try start { $0.attempts = ["1": [FakeTarget.failure]] }
        try accept("1")
        #expect(try runs(3) == ["f 1", "f 1", "f 1"])
        try untilEmpty()
        #expect(try notes == ["the event id-1 of the function f was discarded: RetriesExhausted after 3 runs"])
    }

    @Test func destinationsAndDeadLetters() throws {
        _ = try start { target in
            target.functions["f"] = EventInvokeSettings(
                maximumRetryAttempts: 0,
                onSuccess: "arn:aws:sqs:us-east-1:123456789012:good",
                onFailure: "arn:aws:sns:us-east-1:123456789012:bad",
                deadLetterTarget: "arn:aws:sqs:us-east-1:123456789012:dead"
            )
            target.attempts = ["2": [FakeTarget.failure], "3": [.zeroConcurrency]]
        }
        try accept("1", "2", "3")
        try untilEmpty()
        let lines = storage.lines.sorted()
        try #require(lines.count == 5)
        #expect(lines[0].hasPrefix(#"sns-bad.jsonl {"version":"1.0""#) && lines[1].hasPrefix("sns-bad.jsonl "))
        #expect(lines.contains { $0.contains(#""condition":"RetriesExhausted","approximateInvokeCount":1"#) })
        #expect(lines.contains { $0.contains(#""condition":"ZeroReservedConcurrency","approximateInvokeCount":0"#) })
        #expect(lines[2].hasPrefix(#"sqs-dead.jsonl {"body":"2","attributes":{"RequestID":"id-2","#))
        #expect(lines[3].contains(#""ErrorCode":"429""#))
        #expect(lines[4].hasPrefix("sqs-good.jsonl ") && lines[4].hasSuffix(#""responsePayload":"yes"}"#))
    }

    @Test func aFunctionAsDestination() throws {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:g"
        _ = try start { target in
            target.functions = ["f": EventInvokeSettings(onSuccess: arn), "g": EventInvokeSettings()]
        }
        try accept("1")
        let runs = try runs(2)
        #expect(runs[1].hasPrefix(#"g {"version":"1.0""#) && runs[1].contains(#""requestPayload":1,"#))
        try untilEmpty()
    }

    @Test func aFunctionAsDeadLetterQueue() throws {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:g"
        _ = try start { target in
            target.functions = [
                "f": EventInvokeSettings(maximumRetryAttempts: 0, deadLetterTarget: arn), "g": EventInvokeSettings(),
            ]
            target.attempts = ["1": [FakeTarget.failure]]
        }
        try accept("1")
        #expect(try runs(2)[1].hasPrefix(#"g {"body":"1","attributes":{"RequestID":"id-1","#))
        try untilEmpty()
        #expect(storage.lines == [])
    }

    /// Source: AWS Lambda developer guide, "Use Lambda recursive loop detection to prevent infinite loops": about 16 times.
    @Test func aLoopEnds() throws {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
        _ = try start { $0.functions = ["f": EventInvokeSettings(onSuccess: arn)] }
        try accept("1")
        #expect(try runs(16).count == 16)
        try untilEmpty()
        #expect(try on { target, _ in target.runs.count } == 16)
        #expect(try notes.count == 1)
    }

    // MARK: Faults

    /// Each of these leaves the event stored, so that it runs again.
    @Test(arguments: [FaultyStorage.Step.remove, .append])
    func anEndThatIsNotStored(step: FaultyStorage.Step) throws {
        _ = try start { $0.functions["f"]?.onSuccess = "arn:aws:sqs:us-east-1:123456789012:good" }
        // Of the retries of a commit too.
        storage.fail(step)
        try accept("1")
        #expect(try runs(2) == ["f 1", "f 1"])
        try untilEmpty()
        #expect(
            try notes == [
                "arn:aws:sqs:us-east-1:123456789012:good is not on this machine: what it would get is appended to "
                    + "/state/sqs-good.jsonl",
                "the end of an event could not be stored, so that it runs again: disk full",
            ]
        )
    }

    @Test func anEventThatCannotBeRead() throws {
        var limits = EventLimits()
        limits.keptBytes = 0
        _ = try start(limits)
        storage.fail(.read)
        try accept("1")
        #expect(try runs(1) == ["f 1"])
        try untilEmpty()
        #expect(try notes == ["events could not be read: disk full"])
    }

    @Test func attemptsThatCannotBeNoted() throws {
        _ = try start { $0.attempts = ["1": [FakeTarget.failure, FakeTarget.success]] }
        storage.fail(.update)
        try accept("1")
        #expect(try runs(2).count == 2)
        try untilEmpty()
    }

    @Test func whereNothingFitsEndsStillDo() throws {
        _ = try start { $0.held = ["1", "2"] }
        try accept("1")
        storage.fail(.insert, times: 2)
        // The first is refused alone; the second comes together with an end.
        #expect(refusal { try accept("2") } != nil)
        let second = try on { target, dispatcher in
            target.end("1")
            return dispatcher.accept(Self.event("2")).map { true }.recover { _ in false }
        }
        #expect(!second)
        try untilEmpty()
    }

    @Test func aStoreThatCannotBeListed() throws {
        storage.fail(.list)
        #expect(throws: EventStoreError.self) { try start() }
    }

    // MARK: Starts and stops

    @Test func whatWasNotOverGoesOn() throws {
        _ = try start { $0.held = ["1", "2"] }
        try accept("1", "2")
        #expect(try runs(2).count == 2)
        // Another server with the same store: of the first nothing comes any more.
        #expect(try start { $0.held = [] } == 2)
        #expect(try runs(4) == ["f 1", "f 2", "f 1", "f 2"])
        try untilEmpty()
    }

    @Test func aStopWaitsForWhatRuns() throws {
        _ = try start { $0.held = ["1", "2"] }
        try accept("1", "2")
        _ = try runs(2)
        let stopped = try on { _, dispatcher in dispatcher.stop() as EventLoopFuture<Void>? }
        #expect(refusal { try accept("3") } == .stopped)
        try on { target, _ in target.end("1") }
        try on { target, _ in target.end("2", .unavailable) }
        try stopped?.wait()
        #expect(storage.pending == ["id-2"])
        #expect(try on { target, _ in target.runs.count } == 2)
    }

    @Test func aFunctionThatComesBack() throws {
        _ = try start { target in
            target.functions = [:]
            target.attempts = ["1": [.unavailable, FakeTarget.success]]
        }
        try accept("1")
        try on { _, dispatcher in dispatcher.wake(function: "f") }
        #expect(try runs(2).count == 2)
        try untilEmpty()
    }
}
