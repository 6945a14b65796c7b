import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// Functions that keep the launcher, their parent, from its work.
@Suite struct StoppedLauncherTests {
    enum Ending: CaseIterable, Sendable { case endCalled, killSent, killMainSent, terminateSent, forceEndCalled }

    @Test(arguments: Ending.allCases)
    func aStoppedLauncherIsWokenByWhatItIsAskedFor(ending: Ending) throws {
        let environment = try RunningEnvironment(
            shell: "(setsid sh -c 'echo $$; exec sleep 1000' &); kill -STOP $PPID; echo $$; exec sleep 1000"
        )
        let family = [environment.nextLine(), environment.nextLine()].compactMap { $0.flatMap { Int32($0) } }
        try #require(family.count == 2)
        let launcher = environment.processes.launcherPID
        #expect(HostProcess.waitForState(launcher) { $0 == "T" })
        switch ending {
        case .endCalled: environment.processes.end()
        case .killSent: environment.processes.send(.kill)
        case .killMainSent: environment.processes.send(.killMain)
        case .terminateSent: environment.processes.send(.terminate)
        case .forceEndCalled: environment.processes.forceEnd()
        }
        _ = try environment.allMessages()
        #expect(family.allSatisfy { HostProcess.waitForState($0) { $0 == nil || $0 == "Z" } })
        #expect(HostProcess.waitUntil { environment.processes.reapIfEnded() })
        #expect(HostProcess.isGone(launcher))
    }

    /// Neither the launcher nor the descendants that have left everything outlive being stopped again and again.
    @Test func aLauncherThatIsStoppedForEverIsEndedByForce() throws {
        let environment = try RunningEnvironment(
            shell: """
                (setsid sh -c 'trap "" TERM HUP; while kill -STOP '$PPID'; do :; done' &)
                (setsid sh -c 'echo $$; exec sleep 1000' &)
                setsid sh -c 'echo $$; exec sleep 1000' &
                echo $$; exec sleep 1000
                """
        )
        let family = (0..<3).compactMap { _ in environment.nextLine().flatMap { Int32($0) } }
        try #require(family.count == 3)
        // Not woken before, so that it cannot be quicker than who stops it.
        #expect(HostProcess.waitUntil { environment.processes.launcherIsStopped })
        environment.processes.forceEnd()
        #expect(!environment.processes.launcherIsStopped)
        #expect(environment.processes.reapIfEnded())
        #expect(HostProcess.isGone(environment.processes.launcherPID))
        #expect(family.allSatisfy { HostProcess.waitForState($0) { $0 == nil || $0 == "Z" } })
        // The one that stopped it is gone too, with all that could write.
        #expect(environment.output().isEmpty)
        // Nothing is done twice, and no number is used that may be another's by now.
        environment.processes.forceEnd()
        environment.processes.end()
        environment.processes.send(.kill)
        environment.processes.reap()
    }

    @Test func aLauncherThatRunsIsNotReaped() throws {
        let environment = try RunningEnvironment(shell: "exec sleep 1000")
        #expect(try environment.nextMessage()?.startedPID != nil)
        #expect(!environment.processes.reapIfEnded())
        #expect(!environment.processes.launcherIsStopped)
        environment.processes.end()
        #expect(try environment.allMessages().last?.exitStatus == .signaled(SIGKILL))
        #expect(HostProcess.waitUntil { environment.processes.reapIfEnded() })
    }

    /// A tracer's stop is no news for the launcher's parent.
    @Test(.enabled(if: TracingPermission.mayTraceParent, "this machine permits to trace children alone"))
    func aTracedLauncherCountsAsStopped() throws {
        let scratch = try Scratch()
        let program = try scratch.compile(
            """
            #include <sys/ptrace.h>
            #include <unistd.h>
            int main(void) {
                pid_t launcher = getppid();
                if (ptrace(PTRACE_SEIZE, launcher, 0, 0) != 0) return 1;
                if (ptrace(PTRACE_INTERRUPT, launcher, 0, 0) != 0) return 2;
                for (;;) pause();
            }
            """,
            name: "tracer"
        )
        let environment = try RunningEnvironment(shell: "echo $$; exec \(program)")
        // The launcher may be held before it has told of the start.
        let main = try #require(environment.nextLine().flatMap { Int32($0) })
        #expect(HostProcess.waitUntil { environment.processes.launcherIsStopped })
        environment.processes.end()
        environment.processes.forceEnd()
        #expect(HostProcess.waitForState(main) { $0 == nil || $0 == "Z" })
        #expect(environment.processes.reapIfEnded())
    }
}
