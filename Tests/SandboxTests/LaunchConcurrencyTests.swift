import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// Many launches at once do not get hold of each other's descriptors, and leave no process. (Descriptors of this process
/// cannot be counted here: other tests run beside this one.)
@Suite struct LaunchConcurrencyTests {
    @Test func launchesFromManyThreads() async throws {
        let launchers = try await withThrowingTaskGroup(of: [Int32].self) { group in
            for lane in 0..<8 {
                group.addTask { try Self.launchInTurn(lane: lane, count: 25) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(launchers.count == 200)
        #expect(launchers.allSatisfy(HostProcess.isGone))
    }

    private static func launchInTurn(lane: Int, count: Int) throws -> [Int32] {
        try (0..<count).map { index in
            let environment = try RunningEnvironment(shell: "ls /proc/self/fd | wc -l; echo $0; exit \(lane)")
            // 0, 1, 2 and the directory that ls reads.
            #expect(environment.output() == "4\nsh\n")
            let messages = try environment.allMessages()
            #expect(messages.count == 2)
            #expect(messages.last?.exitStatus == .exited(Int32(lane)))
            return environment.processes.launcherPID
        }
    }
}
