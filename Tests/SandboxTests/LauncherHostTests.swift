import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// The launcher under a parent that can be killed and measured.
@Suite struct LauncherHostTests {
    @Test func aThousandLaunchesAreHonestAndLeaveNothing() throws {
        let scratch = try Scratch()
        let host = try LauncherHost.compile(in: scratch)
        let program = try scratch.compile(LauncherHost.nothing, name: "nothing", options: ["-static"])
        let environment = try RunningEnvironment(shell: "exec \(host) run 1000 \(program)")
        let line = try #require(environment.nextLine())
        #expect(try environment.allMessages().last?.exitStatus == .exited(0))
        let values = line.split(separator: " ").compactMap { Int($0) }
        try #require(values.count == 5)
        #expect(values[0] < 4096, "a peak of \(values[0]) KB holds memory of the parent")
        #expect(values[0] > 0)
        #expect(values[2] == 0, "descriptors lost")
        #expect(values[3] == 0, "children left")
        #expect(values[4] == 1000, "programs that ended with 0")
    }

    @Test func everythingDiesWithAKilledParent() throws {
        let scratch = try Scratch()
        let host = try LauncherHost.compile(in: scratch)
        let (ready, alive) = (try scratch.makeFIFO("ready"), try scratch.makeFIFO("alive"))
        let doomed = try scratch.makeDirectory("apus-doomed")
        let aliveDescriptor = open(alive, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(aliveDescriptor) }
        // Each process holds the FIFO open; the script ends its start-up with a line in the other one.
        let script = """
            exec 9> \(alive); sleep 1000 & (setsid sh -c 'trap "" TERM HUP; sleep 1000; sleep 1000' &)
            echo text > \(doomed)/file; echo ready > \(ready); sleep 1000; sleep 1000
            """
        let pid = try Self.spawn([host, "wait", doomed, script])
        let readyDescriptor = open(ready, O_RDONLY | O_CLOEXEC)
        #expect(RunningEnvironment.read(readyDescriptor) == Array("ready\n".utf8))
        close(readyDescriptor)

        #expect(kill(pid, SIGKILL) == 0)
        #expect(waitpid(pid, nil, 0) == pid)
        // The end of the file comes with the last process.
        #expect(RunningEnvironment.read(aliveDescriptor) == nil)
        #expect(HostProcess.waitUntil { access(doomed, F_OK) != 0 })
    }

    @Test func aPersonWhoTypesTheNameIsToldSo() throws {
        let scratch = try Scratch()
        let host = try LauncherHost.compile(in: scratch)
        for name in ["apus-launcher", "apus-janitor"] {
            let specification = LaunchSpecification(
                executable: host,
                arguments: [name],
                environment: [:],
                workingDirectory: "/"
            )
            let environment = try RunningEnvironment(specification)
            #expect(environment.output().contains("run apus itself"))
            #expect(try environment.allMessages().last?.exitStatus == .exited(64))
        }
    }

    private static func spawn(_ arguments: [String]) throws -> pid_t {
        var pid: pid_t = 0
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        try #require(posix_spawn(&pid, arguments[0], nil, nil, &pointers, &environment) == 0)
        return pid
    }
}
