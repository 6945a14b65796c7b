import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// Every process of an environment dies, however the end comes and wherever the process hid, whether the launcher looks
/// for crashes (`traced`) or not.
@Suite struct EnvironmentEndTests {
    /// Starts descendants that left the group, the session and their parent, then prints their ids and `rest` runs.
    private static func family(then rest: String) -> String {
        """
        sleep 1000 & echo $!
        setsid sh -c 'echo $$; exec sleep 1000' &
        (setsid sh -c 'trap "" TERM HUP INT; (exec sh -c "echo \\$\\$; exec sleep 1000") & exit 0' &)
        \(rest)
        """
    }

    enum Ending: String, CaseIterable, Sendable { case mainExits, endCalled, killSent, launcherKilled, mainKilled }

    @Test(arguments: Ending.allCases, TracingPermission.choices)
    func everyDescendantDies(ending: Ending, traced: Bool) throws {
        // The FIFO keeps the main process alive until the test has seen all three ids.
        let scratch = try Scratch()
        let gate = try scratch.makeFIFO("gate")
        let environment = try RunningEnvironment(
            shell: Self.family(then: "read line < \(gate) || exit 0"),
            capturesCrashes: traced
        )
        let main = try #require(try environment.nextMessage()?.startedPID)
        var family = [main]
        for _ in 0..<3 { family.append(try #require(environment.nextLine().flatMap { Int32($0) })) }
        #expect(Set(family).count == 4)
        #expect(family.allSatisfy { !HostProcess.isGone($0) })

        switch ending {
        case .mainExits: close(open(gate, O_WRONLY | O_CLOEXEC))
        case .endCalled: environment.processes.end()
        case .killSent: environment.processes.send(.kill)
        case .mainKilled: kill(main, SIGKILL)
        case .launcherKilled: kill(environment.processes.launcherPID, SIGKILL)
        }
        let rest = try environment.allMessages()
        guard ending != .launcherKilled else {
            // The main process has the launcher's death as its own; nobody is left to look for the others, save that the
            // kernel ends what a tracer leaves behind.
            #expect(rest.isEmpty)
            if traced {
                #expect(family.allSatisfy { HostProcess.waitForState($0) { $0 == nil || $0 == "Z" } })
            } else {
                family.dropFirst().forEach { kill($0, SIGKILL) }
            }
            _ = environment.output()
            #expect(HostProcess.waitForState(main) { $0 == nil || $0 == "Z" })
            return
        }
        #expect(rest.count == 1)
        #expect(rest.first?.exitStatus == (ending == .mainExits ? .exited(0) : .signaled(SIGKILL)))
        #expect(family.allSatisfy(HostProcess.isGone))
    }

    @Test func terminateReachesTheGroup() throws {
        let environment = try RunningEnvironment(
            shell:
                "trap 'echo main; exit 3' TERM; (trap 'echo child' TERM; echo ready; while :; do sleep 0.01; done) & echo ready; wait"
        )
        #expect(environment.nextLine() == "ready")
        #expect(environment.nextLine() == "ready")
        environment.processes.send(.terminate)
        #expect(try environment.allMessages().last?.exitStatus == .exited(3))
    }

    @Test(arguments: TracingPermission.choices)
    func stopFreezesAndContinueThaws(traced: Bool) throws {
        let environment = try RunningEnvironment(
            shell: "setsid sh -c 'echo $$; exec sleep 1000' & wait",
            capturesCrashes: traced
        )
        let main = try #require(try environment.nextMessage()?.startedPID)
        let other = try #require(environment.nextLine().flatMap { Int32($0) })
        for _ in 0..<20 {
            environment.processes.send(.stop)
            #expect(HostProcess.waitForState(main, HostProcess.isStopped))
            #expect(HostProcess.waitForState(other, HostProcess.isStopped))
            environment.processes.send(.continue)
            #expect(HostProcess.waitForState(main) { $0 == "S" })
            #expect(HostProcess.waitForState(other) { $0 == "S" })
        }
    }

    @Test(arguments: TracingPermission.choices)
    func aFrozenEnvironmentCanBeTerminatedAndEnded(traced: Bool) throws {
        for command in [LauncherCommand.terminate, .kill] {
            let environment = try RunningEnvironment(
                shell: "trap 'exit 5' TERM; sleep 1000 & echo ready; wait",
                capturesCrashes: traced
            )
            let main = try #require(try environment.nextMessage()?.startedPID)
            #expect(environment.nextLine() == "ready")
            environment.processes.send(.stop)
            #expect(HostProcess.waitForState(main, HostProcess.isStopped))
            environment.processes.send(command)
            let expected = command == .terminate ? ProcessExit.Status.exited(5) : .signaled(SIGKILL)
            #expect(try environment.allMessages().last?.exitStatus == expected)
        }
    }

    private static let allCommands: [LauncherCommand] = [
        .startExtensions, .startMain, .terminate, .killMain, .killExtension(0), .killExtension(9), .killExtension(-1),
        .killExtension(10), .killExtension(.max), .stop, .continue, .kill,
    ]

    @Test func commandsAfterTheEndAreHarmless() throws {
        let environment = try RunningEnvironment(shell: "exit 0")
        _ = try environment.allMessages()
        Self.allCommands.forEach(environment.processes.send)
        environment.processes.reap()
        Self.allCommands.forEach(environment.processes.send)
        environment.processes.end()
        environment.processes.end()
        Self.allCommands.forEach(environment.processes.send)
        environment.processes.reap()
        #expect(HostProcess.isGone(environment.processes.launcherPID))
    }

    @Test(arguments: TracingPermission.choices)
    func aFamilyThatKeepsForkingIsCaught(traced: Bool) throws {
        // Each generation leaves the session of the one before it, starts the next and exits.
        let scratch = try Scratch()
        let runner = try scratch.compile(
            """
            #include <unistd.h>
            int main(void) {
                write(1, "ready\\n", 6);
                for (;;) {
                    if (fork() > 0) _exit(0);
                    setsid();
                    usleep(200);
                }
            }
            """,
            name: "runner"
        )
        let environment = try RunningEnvironment(shell: "\(runner) & exec sleep 1000", capturesCrashes: traced)
        #expect(environment.nextLine() == "ready")
        environment.processes.end()
        #expect(try environment.allMessages().last?.exitStatus == .signaled(SIGKILL))
        #expect(environment.output().isEmpty)
    }
}
