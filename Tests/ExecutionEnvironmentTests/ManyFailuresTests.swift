import LambdaModel
import Testing

@testable import ExecutionEnvironment

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Environments that fail, one after another, in a process of their own: nothing is left of them.
struct ManyFailuresTests {
    private enum Kind: Int, CaseIterable {
        case exitInInit, crashInInvoke, timeout, launchFailure, extensionCrash, extensionNotExecutable
        case extensionExitInInvoke, shutdownInInit
    }

    /// How many, all kinds in turn; `APUS_TEST_ENVIRONMENTS=1000` for the full measure.
    private static var count: Int {
        ProcessInfo.processInfo.environment["APUS_TEST_ENVIRONMENTS"].flatMap { Int($0) } ?? 160
    }

    @Test func nothingIsLeft() async {
        await #expect(processExitsWith: .success) {
            let threads = TestThreads()
            var ports: [Int] = []
            // What is made once: threads, buffers, files of the runtime.
            for kind in Kind.allCases { try Self.fail(kind, threads, &ports) }
            let before = try Self.descriptors()
            for number in 0..<Self.count {
                let kind = Kind.allCases[number % Kind.allCases.count]
                try Self.fail(kind, threads, &ports)
            }
            let after = try Self.descriptors()
            #expect(after.count <= before.count, "\(after.subtracting(before))")
            #expect(try Self.children() == [])
            for port in ports { #expect(RawClient.isRefused(port: port), "port \(port)") }
        }
    }

    private static func fail(_ kind: Kind, _ threads: TestThreads, _ ports: inout [Int]) throws {
        switch kind {
        case .exitInInit:
            try invoke(TestEnvironment(script: "exit 7", threads: threads), "Runtime.ExitError", &ports)
        case .crashInInvoke:
            let environment = try TestEnvironment(script: "sleep 0.02; kill -SEGV $$", threads: threads)
            try invoke(environment, "Runtime.ExitError", &ports) { _ = try? $0.next() }
        case .timeout:
            let clock = TestClock(delay: 3)
            let environment = try TestEnvironment(clock: clock, threads: threads)
            try invoke(environment, "Sandbox.Timedout", &ports) { runtime in
                _ = try? runtime.next()
                clock.setDelay(0)
            }
        case .launchFailure:
            let environment = try TestEnvironment(threads: threads) { (_) throws(LaunchFailure) in throw .noEntrypoint }
            try invoke(environment, "Runtime.InvalidEntrypoint", &ports)
        case .extensionCrash:
            try invoke(beside("exit 3", threads), "Extension.Crash", &ports)
        case .extensionNotExecutable:
            try invoke(beside(nil, threads), "Extension.LaunchError", &ports)
        case .extensionExitInInvoke:
            // The test plays both; the extension's process ends while the event is with the runtime.
            let environment = try beside("echo up; sleep 0.1; exit 1", threads)
            try invoke(environment, "Extension.Crash", &ports) { runtime in
                guard (try? environment.logs("up")) == true, let extensionClient = try? runtime.another() else {
                    return
                }
                let registered = try? extensionClient.connection.call(
                    "POST",
                    "/2020-01-01/extension/register",
                    headers: ["Lambda-Extension-Name: agent"],
                    body: #"{"events":["INVOKE"]}"#
                )
                guard let identifier = registered?["lambda-extension-identifier"] else { return }
                extensionClient.connection.send(
                    "GET",
                    "/2020-01-01/extension/event/next",
                    headers: ["Lambda-Extension-Identifier: " + identifier]
                )
                _ = try? runtime.next()
            }
        case .shutdownInInit:
            let environment = try TestEnvironment(threads: threads)
            let invocation = try environment.invoke()
            ports.append(try environment.runtime().port)
            try environment.shutdown()
            try #require(invocation.answer() == "abandoned")
        }
    }

    /// An environment whose runtime sleeps, beside an extension; `nil`: a file that cannot be executed.
    private static func beside(_ script: String?, _ threads: TestThreads) throws -> TestEnvironment {
        try TestEnvironment(threads: threads) { (address) throws(LaunchFailure) in
            TestEnvironment.shell(TestEnvironment.sleeper, address: address, besides: script)
        }
    }

    private static func invoke(
        _ environment: TestEnvironment,
        _ errorType: String,
        _ ports: inout [Int],
        play: (RuntimeClient) -> Void = { _ in }
    ) throws {
        let invocation = try environment.invoke()
        let runtime = try environment.runtime()
        ports.append(runtime.port)
        play(runtime)
        let answer = invocation.answer() ?? "no answer"
        let log = try environment.log()
        try #require(answer.contains(errorType), "\(errorType) expected: \(answer)\n\(log)")
        _ = try invocation.report()
        try environment.shutdown()
    }

    // MARK: What is left

    private static func descriptors() throws -> Set<String> {
        let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return Set(
            names.map { name in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + name)
                return name + " " + (target ?? "")
            }
        )
    }

    private static func children() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").flatMap { thread -> [String] in
            let path = "/proc/self/task/\(thread)/children"
            guard let data = FileManager.default.contents(atPath: path) else { return [] }
            return String(decoding: data, as: UTF8.self).split(separator: " ").map(String.init)
        }
    }
}
