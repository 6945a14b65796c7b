import LambdaModel
import NIOCore
import Testing

@testable import ExecutionEnvironment

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Functions that keep the launcher, their parent, from ending them. Each time-out is one all the same.
struct StoppedLauncherTests {
    private static let message = "timeout Sandbox.Timedout RequestId: r1 Error: Task timed out after 3.00 seconds"

    /// Invokes past the time-out. `before` is called with the main process's number.
    private func runIntoTimeout(_ script: String, before: (Int32) throws -> Void = { _ in }) throws {
        let environment = try TestEnvironment(script: script)
        try environment.start()
        let runtime = try environment.runtime()
        let process = try environment.processID()
        try before(process)
        environment.clock.setDelay(3)
        let invocation = try environment.invoke()
        #expect(try runtime.next().status == 200)
        environment.clock.setDelay(0)
        #expect(invocation.answer() == Self.message)
        let ends = Events<Bool>()
        environment.beginShutdown().whenComplete { _ in ends.add(true) }
        #expect(ends.next() == true)
        #expect(HostProcess.isGone(process))
        #expect(runtime.connection.readToEnd().isEmpty)
    }

    @Test func itStopsTheLauncher() throws {
        try runIntoTimeout("kill -STOP $PPID; echo pid $$; exec sleep 1000")
    }

    @Test func itStopsTheLauncherAgainAndAgain() throws {
        try runIntoTimeout(
            "(setsid sh -c 'while kill -STOP '$PPID'; do :; done' 2>/dev/null &); echo pid $$; exec sleep 1000"
        )
    }

    #if os(Linux)
    /// What holds the launcher's end of the status pipe may be none of the processes that are ended.
    @Test func somebodyHoldsTheStatusPipe() throws {
        var held: Int32 = -1
        defer { close(held) }
        try runIntoTimeout(TestEnvironment.sleeper) { process in
            let launcher = try #require(HostProcess.parent(of: process))
            held = open("/proc/\(launcher)/fd/4", O_WRONLY | O_CLOEXEC)
            try #require(held >= 0)
        }
    }
    #endif
}
