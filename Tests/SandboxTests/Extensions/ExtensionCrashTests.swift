import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// The crash of an extension is seen as any other, and is not the main process's.
@Suite(.enabled(if: TracingPermission.isGiven, Comment(rawValue: TracingPermission.reason)))
struct ExtensionCrashTests {
    @Test func tellsExtensionsFromTheMainProcess() throws {
        let environment = try RunningEnvironment(
            main: "echo ready; read line; kill -ILL $$",
            extensions: ["kill -SEGV $$", "exec sleep 1000", "sh -c 'kill -ABRT $$'; exit 5"],
            capturesCrashes: true
        )
        environment.start()
        var started: [String: Int32] = [:]
        var crashes: [Int32: CrashFacts] = [:]
        var order: [String] = []
        for message in try environment.nextMessages(10) {
            order.append(message.summary)
            if let pid = message.startedPID { started[message.summary] = pid }
            if case .crashed(let facts) = message { crashes[facts.signal] = facts }
        }
        #expect(crashes.count == 3)
        #expect(crashes[SIGSEGV]?.processID == started["0 started"])
        #expect(crashes[SIGSEGV]?.isMainProcess == false)
        #expect(crashes[SIGABRT]?.isMainProcess == false)
        #expect(crashes[SIGILL]?.processID == started["main started"])
        #expect(crashes[SIGILL]?.isMainProcess == true)
        // A crash comes between the start and the end of its process.
        for (first, second) in [
            ("0 started", "crash 11"), ("crash 11", "0 signaled(11)"), ("2 started", "crash 6"),
            ("crash 6", "2 exited(5)"), ("main started", "crash 4"), ("crash 4", "main signaled(4)"),
        ] {
            let places = (try #require(order.firstIndex(of: first)), try #require(order.firstIndex(of: second)))
            #expect(places.0 < places.1, "\(order)")
        }
        environment.processes.send(.kill)
        #expect(try environment.allMessages().map(\.summary) == ["1 signaled(9)"])
    }

    /// Programs that crash with their first instruction, before the launcher has seen that they run.
    @Test func noCrashIsToldBeforeItsStart() throws {
        let scratch = try Scratch()
        let program = try scratch.compile(
            "void _start(void) { *(volatile int *)8 = 1; }",
            name: "program",
            options: ["-nostdlib", "-static"]
        )
        for _ in 0..<50 {
            var specification = LaunchSpecification(
                executable: program,
                arguments: ["program"],
                environment: [:],
                workingDirectory: "/"
            )
            specification.capturesCrashes = true
            specification.extensions = (0..<5).map { _ in
                ExtensionSpecification(
                    executable: program,
                    arguments: ["program"],
                    environment: [:],
                    workingDirectory: "/"
                )
            }
            let environment = try RunningEnvironment(specification)
            environment.start()
            var running: Set<Int32> = []
            var main: Int32?
            var crashed = 0
            for message in try environment.allMessages() {
                if let pid = message.startedPID { running.insert(pid) }
                if case .started(let pid) = message { main = pid }
                guard case .crashed(let facts) = message else { continue }
                crashed += 1
                #expect(running.contains(facts.processID))
                #expect(facts.isMainProcess == (facts.processID == main))
            }
            #expect(crashed == 6)
        }
    }
}
