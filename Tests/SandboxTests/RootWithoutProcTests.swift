import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// A static program in a root that holds nothing else: neither /proc nor /dev.
@Suite(.enabled(if: EmptyRoot.isPermitted, "this machine permits no user namespaces, or has no unshare or chroot"))
struct RootWithoutProcTests {
    @Test(arguments: ["run", "extended"], ["/host", "./host"])
    func theLauncherStartsAndEnds(mode: String, path: String) throws {
        let scratch = try Scratch()
        _ = try LauncherHost.compile(in: scratch)
        _ = try scratch.compile(LauncherHost.nothing, name: "nothing", options: ["-static"])
        let environment = try EmptyRoot.run("\(path) \(mode) 3 /nothing", in: scratch)
        let values = environment.output().split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        #expect(try environment.allMessages().last?.exitStatus == .exited(0))
        try #require(values.count == 5)
        #expect(values[3] == 0, "children left")
        #expect(values[4] == (mode == "run" ? 3 : 12), "programs that ended with 0")
    }

    /// Without /proc a process that has left its group cannot be found. Waiting for it would take for ever.
    @Test func theLauncherDoesNotWaitForWhatItCannotReach() throws {
        let scratch = try Scratch()
        _ = try LauncherHost.compile(in: scratch)
        // Dies with the launcher, its parent at last, so that the test leaves nothing.
        let source = """
            #include <signal.h>
            #include <sys/prctl.h>
            #include <unistd.h>
            int main(void) {
                int left[2];
                char byte = 0;
                pid_t parent = getpid();
                if (pipe(left) != 0) return 1;
                if (fork() > 0) return read(left[0], &byte, 1) != 1;
                alarm(60);
                setsid();
                if (write(left[1], &byte, 1) != 1) return 1;
                while (getppid() == parent) usleep(1000);
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                for (;;) pause();
            }
            """
        _ = try scratch.compile(source, name: "orphan", options: ["-static"])
        let environment = try EmptyRoot.run("/host run 1 /orphan", in: scratch)
        let values = environment.output().split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        #expect(values.last == 1)
    }
}

enum EmptyRoot {
    static func run(_ command: String, in scratch: Scratch) throws -> RunningEnvironment {
        let script = "exec unshare --user --map-root-user chroot \(scratch.path) \(command)"
        return try RunningEnvironment(shell: script, environment: ["PATH": "/usr/local/sbin:/usr/sbin:/usr/bin:/bin"])
    }

    static let isPermitted: Bool = {
        guard let scratch = try? Scratch(),
            (try? scratch.compile(LauncherHost.nothing, name: "nothing", options: ["-static"])) != nil,
            let environment = try? run("/nothing", in: scratch)
        else { return false }
        return (try? environment.allMessages().last?.exitStatus) == .exited(0)
    }()
}
