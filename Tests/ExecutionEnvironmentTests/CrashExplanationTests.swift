import LambdaModel
import NIOCore
import Sandbox
import Testing

@testable import ExecutionEnvironment

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

#if os(Linux)

/// Crashes of real processes on their way to the log and the report.
@Suite(.enabled(if: TracingPermission.isGiven, Comment(rawValue: TracingPermission.reason)))
struct CrashExplanationTests {
    /// Explains when the test lets it, and says what it was given.
    private final class Explainer: Sendable {
        let calls = Events<String>()
        private let gate: AsyncStream<Void>
        private let opening: AsyncStream<Void>.Continuation

        init(isOpen: Bool = true) {
            (gate, opening) = AsyncStream.makeStream(of: Void.self)
            if isOpen { opening.finish() }
        }

        func open() { opening.finish() }

        var function: CrashExplainer {
            { [self] facts, tail in
                calls.add(tail)
                for await _ in gate {}
                return CrashExplanation(
                    lines: ["why: signal \(facts.signal)", "  it was asked to"],
                    json: "{\"signal\":\(facts.signal)}"
                )
            }
        }
    }

    private static let death = "echo last words; kill -SEGV $$"
    private static let lines = "why: signal 11\n  it was asked to\n"

    @Test func theExplanationFollowsTheReportOnceThoughTwoInitsDied() throws {
        let explainer = Explainer()
        let environment = try TestEnvironment(
            script: Self.death,
            capturesCrashes: .always,
            explainCrash: explainer.function
        )
        let invocation = try environment.invoke()
        #expect(
            invocation.answer()
                == "crash Runtime.ExitError RequestId: r1 Error: Runtime exited with error: signal: segmentation fault"
        )
        let report = try #require(try invocation.report())
        #expect(report.crashFacts.map(\.signal) == [11])
        #expect(report.crashFacts.first?.isMainProcess == true)
        #expect(report.crashes.map(\.json) == ["{\"signal\":11}"])
        #expect(explainer.calls.next() == "last words\n")
        let log = try environment.logWithoutFigures()
        #expect(log.hasSuffix("Status: error | Error Type: Runtime.ExitError\n" + Self.lines))
        #expect(log.components(of: "why:") == 2)
    }

    @Test func theAnswerDoesNotWaitButTheEndDoes() throws {
        let explainer = Explainer(isOpen: false)
        let environment = try TestEnvironment(
            script: Self.death,
            capturesCrashes: .always,
            explainCrash: explainer.function
        )
        let invocation = try environment.invoke()
        #expect(invocation.answer()?.hasPrefix("crash Runtime.ExitError") == true)
        #expect(try environment.logs("REPORT RequestId: r1"))
        #expect(try !environment.log().contains("why:"))
        let end = environment.beginShutdown()
        explainer.open()
        try end.wait()
        #expect(try environment.log().hasSuffix(Self.lines))
        #expect(try invocation.report()?.crashes.count == 1)
    }

    @Test func aServerLooksOnlyAfterTheFirstDeath() throws {
        let environment = try TestEnvironment(script: Self.death, capturesCrashes: .afterFirstCrash)
        // The first init died unseen, the second, inside the invoke, did not.
        let report = try #require(try environment.invoke().report())
        #expect(report.crashFacts.map(\.signal) == [11])
        #expect(report.crashes.isEmpty)
    }

    @Test(arguments: [CrashCapturePolicy.afterFirstCrash, .never])
    func whoDiesOtherwiseIsNotLookedAt(policy: CrashCapturePolicy) throws {
        let script = "sh -c 'kill -SEGV $$'; \(policy == .never ? "kill -SEGV $$" : "exit 1")"
        let environment = try TestEnvironment(script: script, capturesCrashes: policy)
        let report = try #require(try environment.invoke().report())
        #expect(report.crashFacts.isEmpty)
    }

    @Test func aChildOfASuccessfulInvocationIsExplained() throws {
        let explainer = Explainer()
        let environment = try TestEnvironment(
            script: "sh -c 'kill -ILL $$'; \(TestEnvironment.sleeper)",
            capturesCrashes: .always,
            explainCrash: explainer.function
        )
        let invocation = try environment.invoke()
        let runtime = try environment.runtime()
        #expect(try environment.logs("pid "))
        #expect(try runtime.next().status == 200)
        try runtime.respond("ok")
        runtime.sendNext()
        #expect(invocation.answer() == "success ok")
        let report = try #require(try invocation.report())
        #expect(report.status == .success)
        #expect(report.crashFacts.map(\.isMainProcess) == [false])
        #expect(report.crashes.map(\.json) == ["{\"signal\":4}"])
        #expect(try environment.log().hasSuffix("why: signal 4\n  it was asked to\n"))
    }

    @Test func aDeathBetweenInvocationsIsLoggedAtOnce() throws {
        let explainer = Explainer()
        let environment = try TestEnvironment(capturesCrashes: .always, explainCrash: explainer.function)
        try environment.start()
        kill(try environment.processID(), SIGSEGV)
        #expect(try environment.logs(Self.lines))
        // It is no part of the invocation that follows.
        let invocation = try environment.invoke()
        _ = try environment.runtime()
        let runtime = try environment.runtime()
        #expect(try runtime.next().status == 200)
        try runtime.respond("ok")
        runtime.sendNext()
        #expect(try invocation.report()?.crashFacts == [])
    }

    @Test func theJSONLogHasAnObject() throws {
        var function = FunctionConfiguration(name: "f", timeout: 3)
        function.logging.format = .json
        let environment = try TestEnvironment(
            script: Self.death,
            function: function,
            capturesCrashes: .always,
            explainCrash: Explainer().function
        )
        let invocation = try environment.invoke()
        #expect(try invocation.report()?.crashes.count == 1)
        #expect(try environment.log().hasSuffix(#","type":"apus.crash","record":{"signal":11}}"# + "\n"))
    }

    @Test func twoHundredFailingEnvironmentsLeaveNothing() throws {
        let threads = TestThreads()
        for _ in 0..<200 {
            let environment = try TestEnvironment(
                script: "echo pid $$; sleep 1000 & echo pid $!; kill -ABRT $$",
                threads: threads,
                capturesCrashes: .always,
                explainCrash: Explainer().function
            )
            let invocation = try environment.invoke()
            #expect(try invocation.report()?.crashes.count == 1)
            try environment.shutdown()
            let pids = try environment.log().split(separator: "\n").compactMap { line in
                line.hasPrefix("pid ") ? Int32(line.dropFirst(4)) : nil
            }
            #expect(pids.count == 4)
            #expect(pids.allSatisfy(HostProcess.isGone))
        }
    }
}

extension String {
    /// How many parts a separator makes of the text.
    fileprivate func components(of separator: String) -> Int {
        split(separator: separator, omittingEmptySubsequences: false).count
    }
}

#endif
