#if os(Linux)
import LambdaModel
import Testing

@testable import Sandbox

/// Rooms as the backend furnishes them, with a shell in them.
enum TestRoom {
    private static let support: Result<SandboxSupport, SandboxSupport.Refusal> = Result {
        () throws(SandboxSupport.Refusal) in
        try SandboxSupport.probe()
    }

    static let condition: ConditionTrait = {
        guard case .failure(let refusal) = support else { return .enabled(if: true) }
        return .enabled(if: false, "there can be no sandbox here: \(refusal.reason)")
    }()

    /// A shell script in a room with limits and names of its own.
    static func specification(_ script: String, memory: Int = 128) throws -> LaunchSpecification {
        var function = FunctionConfiguration(name: "f")
        function.memorySize = memory
        let backend = SandboxBackend(function: function, taskRoot: "/usr/share", support: try support.get())
        var specification = LaunchSpecification(
            executable: "/bin/sh",
            arguments: ["sh", "-c", script],
            environment: ["PATH": "/usr/bin:/bin"],
            workingDirectory: "/"
        )
        specification.room = try backend.room()
        return specification
    }

    /// Processes in a room, by their numbers on this machine: without the launcher's two.
    static func processes(in environment: RunningEnvironment) -> [Int32] {
        let first = ProcessMemory.onlyChild(of: environment.processes.launcherPID)
        var found: [Int32] = first.map(children) ?? []
        var index = 0
        while index < found.count {
            found += children(of: found[index])
            index += 1
        }
        return found
    }

    private static func children(of process: Int32) -> [Int32] {
        HostProcess.entries("/proc/\(process)/task").flatMap { thread in
            String(decoding: ProcFile.read("/proc/\(process)/task/\(thread)/children") ?? [], as: UTF8.self)
                .split(separator: " ").compactMap { Int32($0) }
        }
    }
}
#endif
