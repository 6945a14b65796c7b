import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// Extensions run on the emulated CPU of the function, whatever they start.
@Suite(Emulators.x86) struct EmulatedExtensionTests {
    private static func specification(
        _ scratch: Scratch,
        main: [String],
        extensions: [[String]],
        model: String
    ) throws -> LaunchSpecification {
        let environment = ["PATH": Emulators.path]
        var specification = LaunchSpecification(
            executable: main[0],
            arguments: main,
            environment: environment,
            workingDirectory: scratch.path,
            emulation: try Emulators.resolve(model)
        )
        specification.extensions = extensions.map {
            ExtensionSpecification(
                executable: $0[0],
                arguments: $0,
                environment: environment,
                workingDirectory: scratch.path
            )
        }
        return specification
    }

    @Test func neverRunNatively() throws {
        let scratch = try Scratch()
        let probe = try scratch.probe()
        let environment = try RunningEnvironment(
            Self.specification(
                scratch,
                main: [probe, "newer"],
                extensions: [
                    [probe, "newer"], ["/bin/sh", "-c", "./probe newer; exit 5"], [probe, "nothing"],
                    [scratch.path + "/missing"],
                ],
                model: "Nehalem"
            )
        )
        environment.start()
        let messages = try environment.allMessages()
        #expect(environment.output() == "begin")
        #expect(
            messages.map(\.summary).filter { !$0.hasPrefix("crash") }.sorted() == [
                "0 signaled(4)", "0 started", "1 exited(5)", "1 started", "2 exited(0)", "2 started",
                "3 failed \(ENOENT)",
                "main signaled(4)", "main started",
            ]
        )
        #expect(messages.crashes.map(\.signal) == [SIGILL, SIGILL, SIGILL])
        #expect(messages.crashes.allSatisfy { $0.emulatedModel == "Nehalem" && $0.executable == probe })
        let main = messages.first { $0.summary == "main started" }?.startedPID
        #expect(messages.crashes.filter(\.isMainProcess).map(\.processID) == [main].compactMap { $0 })
        let words = try #require(environment.extensionOutput())
        // The one that needs nothing new says both of its words.
        #expect(words.split(separator: "end", omittingEmptySubsequences: false).count == 2, "\(words)")
    }

    @Test func runOnACPUThatHasWhatTheyNeed() throws {
        let scratch = try Scratch()
        let probe = try scratch.probe()
        let environment = try RunningEnvironment(
            Self.specification(scratch, main: [probe, "newer"], extensions: [[probe, "newer"]], model: "Haswell")
        )
        environment.start()
        #expect(environment.extensionOutput() == "begin end")
        #expect(environment.output() == "begin end")
        #expect(
            Set(try environment.allMessages().map(\.summary)) == [
                "0 started", "0 exited(0)", "main started", "main exited(0)",
            ]
        )
    }
}
