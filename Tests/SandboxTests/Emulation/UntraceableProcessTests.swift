import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// Where processes cannot be traced, children could run natively: nothing is run at all.
@Suite(Emulators.x86) struct UntraceableProcessTests {
    /// A program whose processes have a tracer already starts a launcher, which cannot become another.
    @Test(.enabled(if: TracingPermission.isGiven, Comment(rawValue: TracingPermission.reason)))
    func refusesToRunWhatCannotBeTraced() throws {
        let scratch = try Scratch()
        let emulation = try Emulators.resolve("Nehalem")
        let host = try scratch.compile(Self.source, name: "host", options: try launcherSources() + ["-static"])
        var specification = LaunchSpecification(
            executable: host,
            arguments: ["host", "%p" + emulation.emulator],
            environment: [:],
            workingDirectory: scratch.path
        )

        let free = try RunningEnvironment(specification)
        #expect(free.output() == "started 0 exited 0 ")
        specification.capturesCrashes = true
        let traced = try RunningEnvironment(specification)
        #expect(traced.output() == "failed \(CPUEmulation.notPermitted) ")
    }

    private func launcherSources() throws -> [String] {
        let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let sources = root + "/Sources/CLauncher"
        let files = HostProcess.entries(sources).filter { $0.hasSuffix(".c") }.map { sources + "/" + $0 }
        try #require(!files.isEmpty)
        return files + ["-I\(sources)/include"]
    }

    private static let source = """
        #include "CLauncher.h"
        #include <poll.h>
        #include <stdio.h>
        #include <sys/wait.h>
        #include <unistd.h>
        int main(int count, char **arguments) {
            char *entries[] = {":/", "!/bin/true", ">true", arguments[1], "%cNehalem", "%mNehalem", "%e62", NULL};
            int control[2], status[2];
            if (count != 2 || apus_socket_pair(control) != 0 || apus_pipe(status) != 0) return 3;
            struct apus_spawn_descriptors descriptors = {control[1], status[1], -1, -1};
            pid_t pid = apus_spawn_self(APUS_LAUNCHER_NAME, descriptors, entries);
            if (pid < 0) return 4;
            close(control[1]);
            close(status[1]);
            struct pollfd request = {.fd = status[0], .events = POLLIN};
            struct apus_launcher_message message;
            while (poll(&request, 1, -1) > 0 && read(status[0], &message, sizeof message) == sizeof message) {
                if (message.kind == APUS_MESSAGE_STARTED) printf("started 0 ");
                if (message.kind == APUS_MESSAGE_EXEC_FAILED) printf("failed %d ", message.value);
                if (message.kind == APUS_MESSAGE_EXITED) printf("exited %d ", message.value);
            }
            waitpid(pid, NULL, 0);
            return 0;
        }
        """
}
