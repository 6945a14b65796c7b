import Dispatch
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

/// A runtime that goes away while it waits in /next.
struct RuntimeHangUpTests {
    let environment: TestEnvironment

    init() throws { environment = try TestEnvironment() }

    @Test(arguments: ["close", "reset"])
    func anEventIsNotLostToARuntimeThatHungUp(how: String) throws {
        try environment.start()
        let first = try environment.runtime()
        let second = try first.another()
        first.sendNext()
        // Once this is answered the first call has been read.
        #expect(try second.connection.call("GET", "/2018-06-01/ping").status == 200)
        if how == "reset" { first.connection.reset() } else { first.connection.hangUp() }
        let invocation = try environment.invoke()
        #expect(try second.next()["lambda-runtime-aws-request-id"] == "r1")
        try second.respond("ok")
        #expect(invocation.answer() == "success ok")
    }

    @Test func aRuntimeThatOnlyClosedItsSendingSideGetsTheEvent() throws {
        try environment.start()
        let runtime = try environment.runtime()
        runtime.sendNext()
        runtime.connection.closeSending()
        let invocation = try environment.invoke()
        #expect(try runtime.connection.readResponse()["lambda-runtime-aws-request-id"] == "r1")
        try runtime.another().respond("ok")
        #expect(invocation.answer() == "success ok")
    }

    /// That the first has gone shows when it is refused, which must not be taken for the end of the second.
    @Test func theLaterOfTwoWaitersOutlivesTheFirst() throws {
        let threads = TestThreads()
        // Both ask before the news of the launch has come, when nothing but their waiting tells of them.
        let environment = try TestEnvironment(threads: threads) { _ throws(LaunchFailure) in
            usleep(500_000)
            return TestEnvironment.shell(TestEnvironment.sleeper, variables: ["PATH": "/usr/bin:/bin"])
        }
        try environment.start()
        let first = try environment.runtime()
        let second = try first.another()
        first.sendNext()
        #expect(try second.connection.call("GET", "/2018-06-01/ping").status == 200)
        let (held, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        threads.loop.execute {
            held.signal()
            gate.wait()
        }
        held.wait()
        second.sendNext()
        first.connection.reset()
        gate.signal()
        try environment.invoke()
        #expect(try second.connection.readResponse()["lambda-runtime-aws-request-id"] == "r1")
    }

    @Test func theLaterOfTwoWaitersGetsTheEvent() throws {
        try environment.start()
        let first = try environment.runtime()
        let second = try first.another()
        first.sendNext()
        second.sendNext()
        #expect(try first.connection.readResponse().status == 403)
        try environment.invoke()
        #expect(try second.connection.readResponse()["lambda-runtime-aws-request-id"] == "r1")
    }
}
