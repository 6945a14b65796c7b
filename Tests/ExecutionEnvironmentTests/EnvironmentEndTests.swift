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

/// After a shutdown nothing is left, whenever it comes.
struct EnvironmentEndTests {
    @Test func theGroupThePortAndTheConnectionsAreGone() throws {
        let environment = try TestEnvironment(script: "sleep 1000 & echo child $!; echo pid $$; wait")
        let invocation = try environment.invoke()
        let runtime = try environment.runtime()
        #expect(try runtime.next().status == 200)
        let pid = try environment.processID()
        let child = try #require(
            try environment.log().split(separator: "\n").first { $0.hasPrefix("child ") }.flatMap {
                Int32($0.dropFirst(6))
            }
        )
        try environment.shutdown()
        #expect(HostProcess.isGone(pid))
        #expect(HostProcess.isGone(child))
        #expect(invocation.answer() == "abandoned")
        #expect(runtime.connection.readToEnd().isEmpty)
        #expect(RawClient.isRefused(port: runtime.port))
    }

    @Test func aShutdownTwiceAndWithoutALaunch() throws {
        let environment = try TestEnvironment()
        try environment.shutdown()
        try environment.shutdown()
        #expect(try !environment.isIdle)
        #expect(try environment.invoke().answer() == "abandoned")
    }

    /// The shutdown comes while another thread still starts the process.
    @Test func aShutdownDuringTheLaunch() throws {
        for _ in 0..<20 {
            let environment = try TestEnvironment()
            let invocation = try environment.invoke()
            try environment.shutdown()
            #expect(invocation.answer() == "abandoned")
            #expect(try invocation.report() == nil)
            let pids = try environment.log().split(separator: "\n").compactMap { line in
                line.hasPrefix("pid ") ? Int32(line.dropFirst(4)) : nil
            }
            #expect(pids.allSatisfy(HostProcess.isGone))
        }
    }

    @Test func aShutdownDuringALaunchThatFails() throws {
        let environment = try TestEnvironment { (_) throws(LaunchFailure) in throw .noEntrypoint }
        let invocation = try environment.invoke()
        try environment.shutdown()
        #expect(invocation.answer() != nil)
        _ = try invocation.report()
    }

    @Test func anEnvironmentThatWasNeverOpenedHoldsNothing() throws {
        let threads = TestThreads()
        let (loop, pool) = (threads.loop, threads.pool)
        let isGone = try loop.submit {
            let configuration = EnvironmentConfiguration(function: FunctionConfiguration(name: "f")) { _, _ in
                TestEnvironment.shell("", variables: [:])
            }
            let log = FunctionLog(eventLoop: loop, threadPool: pool) { _ in }
            weak var gone: ExecutionEnvironment?
            do {
                let environment = ExecutionEnvironment(
                    configuration: configuration,
                    eventLoop: loop,
                    threadPool: pool,
                    log: log
                )
                gone = environment
            }
            return gone == nil
        }.wait()
        #expect(isGone)
        withExtendedLifetime(threads) {}
    }

    @Test func twentyEnvironmentsAtOnce() throws {
        let threads = TestThreads()
        let environments = try (0..<20).map { _ in try TestEnvironment(threads: threads) }
        let invocations = try environments.enumerated().map { try $1.invoke("r\($0)", payload: "\($0)") }
        for (number, environment) in environments.enumerated() {
            let runtime = try environment.runtime()
            #expect(try runtime.next().text == "\(number)")
            // Another environment's invocation is not to be had here.
            #expect(try runtime.respond("stolen", to: "r\((number + 1) % 20)").status == 400)
            try runtime.respond("answer \(number)", to: "r\(number)")
        }
        for (number, invocation) in invocations.enumerated() {
            #expect(invocation.answer() == "success answer \(number)")
        }
    }

    #if os(Linux)
    @Test func noPipeIsLeft() throws {
        let threads = TestThreads()
        let before = Self.openPipes()
        for _ in 0..<60 {
            let environment = try TestEnvironment(threads: threads)
            try environment.invoke()
            #expect(try environment.runtime().next().status == 200)
            try environment.shutdown()
        }
        // Each has two, and other tests run beside this one.
        #expect(Self.openPipes() - before < 60)
    }

    private static func openPipes() -> Int {
        (0..<20_000).count { descriptor in
            var status = stat()
            return fstat(Int32(descriptor), &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
        }
    }
    #endif
}
