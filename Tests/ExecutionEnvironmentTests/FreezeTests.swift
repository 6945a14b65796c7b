import NIOCore
import Testing

@testable import ExecutionEnvironment

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Between two invocations the processes stand still.
struct FreezeTests {
    private func state(of process: Int32) -> Character? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: ")").last?.dropFirst().first
    }

    private func becomes(_ states: Set<Character>, _ process: Int32) -> Bool {
        waits { state(of: process).map(states.contains) ?? false }
    }

    @Test func processesAreStoppedAfterTheInvocation() throws {
        let environment = try TestEnvironment(freezeDelay: .milliseconds(10))
        for number in 1...3 {
            let invocation = try environment.invoke("r\(number)")
            let runtime = try number == 1 ? environment.runtime() : RuntimeClient(port: runtimePort(environment))
            if number == 1 { ports.add(runtime.port) }
            #expect(try runtime.next()["lambda-runtime-aws-request-id"] == "r\(number)")
            let process = try environment.processID()
            #expect(becomes(["S", "R"], process))
            try runtime.respond("ok", to: "r\(number)")
            #expect(invocation.answer() == "success ok")
            runtime.sendNext()
            #expect(invocation.isOver())
            #expect(becomes(["T"], process), "not frozen")
        }
    }

    private let ports = Events<Int>()

    private func runtimePort(_ environment: TestEnvironment) throws -> Int {
        let port = try #require(ports.next())
        ports.add(port)
        return port
    }

    /// With the processes stopped everything still ends.
    @Test func aFrozenEnvironmentEnds() throws {
        let environment = try TestEnvironment(
            launch: { (address) in
                TestEnvironment.shell(TestEnvironment.sleeper, address: address, besides: "echo up; sleep 1000")
            },
            freezeDelay: .milliseconds(10)
        )
        try environment.start()
        let runtime = try environment.runtime()
        #expect(try environment.logs("up"))
        let agent = try ExtensionClient(port: runtime.port)
        try agent.register("agent", body: #"{"events":["SHUTDOWN"]}"#)
        // Before it is frozen, which may come sooner than its first line.
        let process = try environment.processID()
        agent.sendNext()
        runtime.sendNext()
        #expect(becomes(["T"], process), "not frozen")
        // The extension, which is stopped too, is told after all have been thawed; it does not end, so it is killed.
        let end = environment.beginShutdown()
        let event = try agent.connection.readResponse()
        #expect(event.text.hasPrefix(#"{"eventType":"SHUTDOWN","shutdownReason":"spindown","deadlineMs":"#))
        try end.wait()
        #expect(HostProcess.isGone(process))
    }

    @Test func withoutADelayNothingIsStopped() throws {
        let environment = try TestEnvironment()
        let invocation = try environment.invoke()
        let runtime = try environment.runtime()
        _ = try runtime.next()
        let process = try environment.processID()
        try runtime.respond("ok")
        #expect(invocation.answer() == "success ok")
        runtime.sendNext()
        #expect(invocation.isOver())
        // As long as five times the delay of the other test.
        let end = ContinuousClock.now + .milliseconds(50)
        while ContinuousClock.now < end { #expect(state(of: process) != "T") }
    }
}
