import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A function that takes every process that it and Apus may have together, as a container's limit allows: Apus needs no
/// further thread to end it.
@Suite(.serialized, Prerequisite.gcc) struct ProcessLimitTests {
    private static let groups = "/sys/fs/cgroup/pids"

    private static let limits: ConditionTrait = .enabled(
        if: FileManager.default.isWritableFile(atPath: groups + "/cgroup.procs"),
        "no control group for process numbers (version 1) that this user may divide"
    )

    @Test(limits) func aForkBombEndsAtItsTimeout() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: "next(); for (;;) if (fork() < 0) usleep(1000);")
            // After some seconds the threads that Swift keeps for later have ended.
            let group = Self.groups + "/apus-test-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: group, withIntermediateDirectories: false)
            let script = #"""
                echo "$1" >"$2/pids.max"
                echo $$ >"$2/cgroup.procs"
                exec "$0" invoke --code task --handler app --no-event --timeout 8
                """#
            let program = try fixture.program(
                "/bin/sh",
                ["-c", script, Paths.apus(), "60", group],
                // Killing it takes a while, as each death makes room for a new process.
                timeLimit: .seconds(120)
            )
            let outcome = try await program.run()
            #expect(outcome.status == .exited(1), "\(outcome)")
            #expect(try ErrorObject(outcome).errorType == "Sandbox.Timedout")
            try await eventually("no process") { fixture.processes().isEmpty }
            try await eventually("an empty group") {
                try await fixture.run("/bin/rmdir", [group]).status == .exited(0)
            }
        }
    }
}
