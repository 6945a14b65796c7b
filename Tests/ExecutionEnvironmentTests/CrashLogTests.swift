import LambdaModel
import NIOCore
import NIOEmbedded
import Testing

@testable import ExecutionEnvironment

struct CrashLogTests {
    private static func facts(_ signal: Int32 = 11, at address: UInt64 = 0x1010, bias: UInt64 = 0x1000) -> CrashFacts {
        CrashFacts(
            signal: signal,
            processID: .random(in: 1...1000),
            architecture: .x86_64,
            programCounter: address,
            module: .init(path: "/var/task/bootstrap", loadBias: bias)
        )
    }

    @Test func onePlaceCountsOnceWhereverItIsLoaded() {
        let crashes = CrashLog(eventLoop: EmbeddedEventLoop())
        #expect(crashes.add(Self.facts(), isExplained: false) == 0)
        #expect(crashes.add(Self.facts(at: 0x5010, bias: 0x5000), isExplained: false) == nil)
        #expect(crashes.add(Self.facts(at: 0x5011, bias: 0x5000), isExplained: false) == 1)
        #expect(crashes.add(Self.facts(4), isExplained: false) == 2)
        #expect(crashes.add(Self.facts(4, at: .max, bias: 1), isExplained: false) == 3)
        #expect(crashes.add(Self.facts(4, at: 0, bias: .max), isExplained: false) == 4)
        #expect(!crashes.isWaiting)
    }

    @Test func thereIsALimit() {
        let crashes = CrashLog(eventLoop: EmbeddedEventLoop())
        let places = (0..<40).map { crashes.add(Self.facts(at: UInt64($0)), isExplained: true) }
        #expect(places == (0..<40).map { $0 < CrashLog.limit ? $0 : nil })
    }

    @Test func withoutAnExplainerNothingIsWaitedFor() {
        let crashes = CrashLog(eventLoop: EmbeddedEventLoop())
        _ = crashes.add(Self.facts(), isExplained: false)
        var result: [CrashExplanation]?
        crashes.whenExplained { result = $0 }
        #expect(result == [])
    }

    @Test func anExplanationThatNeverComesIsWaitedForTenSeconds() async throws {
        // The explainer ends, when it is cancelled, on a thread of its own.
        let loop = NIOAsyncTestingEventLoop()
        let explained = loop.makePromise(of: [CrashExplanation].self)
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let bound = try await loop.executeInContext {
            let crashes = CrashLog(eventLoop: loop)
            let place = crashes.add(Self.facts(), isExplained: true)
            crashes.whenExplained { explained.succeed($0) }
            #expect(place == 0)
            crashes.explain(
                0,
                outputTail: "",
                with: { _, _ in
                    for await _ in gate {}
                    return nil
                }
            )
            return NIOLoopBound(crashes, eventLoop: loop)
        }
        await loop.advanceTime(by: .milliseconds(9_999))
        #expect(try await loop.executeInContext { bound.value.isWaiting })
        await loop.advanceTime(by: .milliseconds(1))
        #expect(try await loop.executeInContext { !bound.value.isWaiting })
        #expect(try await explained.futureResult.get() == [])
        opening.finish()
    }
}
