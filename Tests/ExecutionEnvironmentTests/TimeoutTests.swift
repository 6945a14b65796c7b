import NIOCore
import Testing

@testable import ExecutionEnvironment

/// Time-outs, by a clock that the test turns.
struct TimeoutTests {
    private static let message = "timeout Sandbox.Timedout RequestId: r1 Error: Task timed out after 3.00 seconds"

    @Test func anInvocationPastItsTimeout() throws {
        let environment = try TestEnvironment()
        try environment.start()
        let runtime = try environment.runtime()
        #expect(try runtime.connection.call("GET", "/2018-06-01/ping").status == 200)
        environment.clock.setDelay(3)
        let invocation = try environment.invoke()
        #expect(try runtime.next().status == 200)
        environment.clock.setDelay(0)
        #expect(invocation.answer() == Self.message)
        let report = try #require(try invocation.report())
        #expect(report.status == .timeout)
        #expect(report.duration >= .seconds(3))
        let log = try environment.log()
        let lines = log.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("pid ") }
        try #require(lines.count == 5, "\(log)")
        #expect(lines[2].hasSuffix("Z r1 Task timed out after 3.00 seconds"))
        #expect(lines[3] == "END RequestId: r1")
        #expect(lines[4].hasSuffix("\tStatus: timeout"))

        // The runtime is dead, and the next invocation starts cold.
        #expect(runtime.connection.readToEnd().isEmpty)
        try whenIdle(environment)
        let second = try environment.invoke("r2")
        let fresh = try environment.runtime()
        #expect(try fresh.next()["lambda-runtime-aws-request-id"] == "r2")
        try fresh.respond("ok", to: "r2")
        #expect(second.answer() == "success ok")
    }

    /// The init is cut at 10 s, run again inside the invoke and cut at 3 s; and so the next time.
    @Test func anInitPastItsLimits() throws {
        let environment = try TestEnvironment(clock: TestClock(delay: 26, delaysAtLaunches: [16, 13, 3, 0]))
        for id in ["r1", "r2"] {
            let invocation = try environment.invoke(id)
            #expect(invocation.answer() == Self.message.replacing("r1", with: id))
            #expect(invocation.isOver())
            try whenIdle(environment)
            let log = try environment.log()
            #expect(log.contains(#/INIT_REPORT Init Duration: 1\d{4}\.\d\d ms\tPhase: init\tStatus: timeout\n/#))
            #expect(log.contains(#/INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: invoke\tStatus: timeout\nSTART/#))
            #expect(
                log.contains(#/Task timed out after 3.00 seconds\nEND RequestId: r\d\nREPORT .*\tStatus: timeout\n/#)
            )
        }
    }

    private func whenIdle(_ environment: TestEnvironment) throws {
        #expect(try waits { try environment.isIdle })
    }
}
