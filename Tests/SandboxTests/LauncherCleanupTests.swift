import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// The command that removes what would outlive the processes.
@Suite struct LauncherCleanupTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// `$1` of both is the directory.
    private func specification(main: String, cleanup: String) -> LaunchSpecification {
        let variables = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
        var result = LaunchSpecification(
            executable: "/bin/sh",
            arguments: ["sh", "-c", main, "sh", scratch.path],
            environment: variables,
            workingDirectory: "/"
        )
        result.cleanup = ExtensionSpecification(
            executable: "/bin/sh",
            arguments: ["sh", "-c", cleanup, "sh", scratch.path],
            environment: variables.merging(["OWN": "two\nlines"]) { $1 },
            workingDirectory: scratch.path
        )
        return result
    }

    private func lines(_ name: String) -> [String] {
        let bytes = HostFile.prefix(of: scratch.path + "/" + name, count: 65_536) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func runsOnceBehindAProcessThatEnds() throws {
        let environment = try RunningEnvironment(
            specification(
                main: "echo main >>$1/order; exit 3",
                cleanup: #"echo cleanup >>$1/order; echo "$PWD $OWN" >>$1/facts; ls -x /proc/self/fd >>$1/facts"#
            )
        )
        #expect(try environment.allMessages().last?.exitStatus == .exited(3))
        #expect(lines("order") == ["main", "cleanup"])
        #expect(lines("facts") == ["\(scratch.path) two", "lines", "0  1  2  3"])
    }

    /// A process that ends because of the command is not killed, and its end is told.
    @Test func letsAProcessEndByItself() throws {
        let environment = try RunningEnvironment(
            specification(
                main: "echo ready; while [ ! -e $1/removed ]; do sleep 0.01; done; exit 7",
                cleanup: "echo run >>$1/order; true >$1/removed"
            )
        )
        #expect(environment.nextLine() == "ready")
        environment.processes.end()
        #expect(try environment.allMessages().last?.exitStatus == .exited(7))
        // And again, for what it may have left.
        #expect(lines("order") == ["run", "run"])
    }

    /// What is to be removed may appear after the first look.
    @Test func comesAgain() throws {
        let environment = try RunningEnvironment(
            specification(
                main: "echo ready; while [ ! -e $1/removed ]; do sleep 0.01; done",
                cleanup: "echo run >>$1/order; [ $(wc -l <$1/order) -lt 3 ] || true >$1/removed"
            )
        )
        #expect(environment.nextLine() == "ready")
        environment.processes.end()
        #expect(try environment.allMessages().last?.exitStatus == .exited(0))
        #expect(lines("order").count >= 4)
    }

    @Test(arguments: [LauncherCommand.kill, .killMain])
    func comesBeforeAKill(command: LauncherCommand) throws {
        let environment = try RunningEnvironment(
            specification(
                main: "echo ready; while [ ! -e $1/removed ]; do sleep 0.01; done; exit 7",
                cleanup: "true >$1/removed"
            )
        )
        #expect(environment.nextLine() == "ready")
        environment.processes.send(command)
        #expect(try environment.allMessages().last?.exitStatus == .exited(7))
    }

    /// Frozen processes can let go of nothing.
    @Test func thawsFirst() throws {
        let environment = try RunningEnvironment(
            specification(
                main: "echo ready; while [ ! -e $1/removed ]; do sleep 0.01; done; exit 7",
                cleanup: "true >$1/removed"
            )
        )
        #expect(environment.nextLine() == "ready")
        environment.processes.send(.stop)
        environment.processes.end()
        #expect(try environment.allMessages().last?.exitStatus == .exited(7))
    }

    @Test func missingCommandIsNoReasonToStay() throws {
        var specification = specification(main: "exit 4", cleanup: "")
        specification.cleanup?.executable = "/nonexistent"
        #expect(try RunningEnvironment(specification).allMessages().last?.exitStatus == .exited(4))
    }

    @Test func afterAMainProcessThatCannotStart() throws {
        var specification = specification(main: "", cleanup: "true >$1/removed")
        specification.executable = "/nonexistent"
        let messages = try RunningEnvironment(specification).allMessages()
        #expect(messages.map(\.summary) == ["main failed \(ENOENT)"])
        #expect(HostFile.kind(scratch.path + "/removed") != nil)
    }

    /// Ten seconds for a command that hangs, then everything is killed, and the command has a last chance.
    @Test(.timeLimit(.minutes(1))) func hangingCommand() throws {
        let environment = try RunningEnvironment(
            specification(
                main: "echo ready; sleep 1000",
                cleanup: "echo run >>$1/order; [ $(wc -l <$1/order) -gt 1 ] || sleep 1000"
            )
        )
        #expect(environment.nextLine() == "ready")
        environment.processes.end()
        #expect(try environment.allMessages().last?.exitStatus == .signaled(SIGKILL))
        #expect(lines("order") == ["run", "run"])
    }

    /// Somebody has to do it for a launcher that was killed.
    @Test func killedLauncher() throws {
        let specification = specification(main: "echo ready; exec sleep 1000", cleanup: "true >$1/removed")
        let environment = try RunningEnvironment(specification)
        #expect(environment.nextLine() == "ready")
        #expect(try environment.nextMessage()?.startedPID != nil)
        let processes = environment.processes
        kill(processes.launcherPID, SIGKILL)
        #expect(try environment.allMessages().isEmpty)
        #expect(HostProcess.waitUntil { processes.reapIfEnded() })
        #expect(processes.needsCleanup)
        processes.cleanUp()
        #expect(!processes.needsCleanup)
        #expect(HostFile.kind(scratch.path + "/removed") != nil)
    }

    @Test func needsArguments() throws {
        var specification = specification(main: "exit 0", cleanup: "exit 0")
        specification.cleanup?.arguments = []
        #expect(throws: LaunchFailure.exec(code: EINVAL, path: "/bin/sh")) {
            try LauncherEntries.entries(for: specification)
        }
    }
}
