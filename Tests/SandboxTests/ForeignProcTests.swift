import CLauncher
import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// The launcher where /proc is that of an outer PID namespace, so that its numbers mean other processes here.
@Suite(.enabled(if: ForeignProc.isPermitted, "no PID namespaces here, or no choice of process ids in them"))
struct ForeignProcTests {
    /// A launcher that has, in its namespace, the id of a process outside, and a bystander with that of its child.
    private func run(_ mode: String) throws -> String {
        let scratch = try Scratch()
        let host = try LauncherHost.compile(in: scratch, source: ForeignProc.source)
        let outside = try RunningEnvironment(shell: "sleep 1000 & echo $$ $!; wait")
        let ids = try #require(outside.nextLine())
        let inside = try RunningEnvironment(
            shell: "exec \(ForeignProc.unshare) \(host) \(mode) \(ids)",
            environment: ["PATH": "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"]
        )
        return inside.output()
    }

    @Test func theLauncherKillsNoStranger() throws {
        #expect(try run("kill") == "started, exited 9, the bystander lives\n")
    }

    @Test func noCrashIsReadFromAStranger() throws {
        #expect(try run("crash") == "started, exited 11, the bystander lives\n")
    }

    @Test func nothingIsEmulated() throws {
        #expect(try run("emulate") == "failed \(CPUEmulation.notPermitted), the bystander lives\n")
    }
}

enum ForeignProc {
    /// Without --mount-proc.
    static let unshare = "unshare --user --map-root-user --pid --fork"

    static let isPermitted: Bool =
        HostProgram.status("\(unshare) sh -c 'echo 100 > /proc/sys/kernel/ns_last_pid' 2>/dev/null") == 0

    static let source = """
        #include "CLauncher.h"
        #include <poll.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/wait.h>
        #include <unistd.h>
        static char *killed[] = {":/", "!/bin/sleep", ">sleep", ">1000", NULL};
        static char *crashing[] = {":/", "!/bin/sh", ">sh", ">-c", ">kill -SEGV $$", "@", NULL};
        static char *emulated[] = {":/", "!/bin/true", ">true", "%p/bin/true", "%cany", "%many", "%e62", NULL};
        static void choose_id(int next) {
            FILE *file = fopen("/proc/sys/kernel/ns_last_pid", "w");
            if (file == NULL || fprintf(file, "%d", next - 1) < 0 || fclose(file) != 0) exit(5);
        }
        int main(int count, char **arguments) {
            if (count != 4) return 2;
            char **entries = arguments[1][0] == 'k' ? killed : arguments[1][0] == 'c' ? crashing : emulated;
            int id_of_launcher = atoi(arguments[2]), id_of_bystander = atoi(arguments[3]), control[2], status[2];
            choose_id(id_of_bystander);
            pid_t bystander = fork();
            if (bystander == 0) for (;;) pause();
            if (apus_socket_pair(control) != 0 || apus_pipe(status) != 0) return 3;
            struct apus_spawn_descriptors descriptors = {control[1], status[1], -1, -1};
            choose_id(id_of_launcher);
            pid_t launcher = apus_spawn_self(APUS_LAUNCHER_NAME, descriptors, entries);
            if (launcher != id_of_launcher || bystander != id_of_bystander) return 4;
            close(control[1]);
            close(status[1]);
            struct pollfd request = {.fd = status[0], .events = POLLIN};
            struct apus_launcher_message message;
            while (poll(&request, 1, -1) > 0 && read(status[0], &message, sizeof message) == sizeof message) {
                if (message.kind == APUS_MESSAGE_STARTED) printf("started, ");
                if (message.kind == APUS_MESSAGE_STARTED && entries == killed)
                    apus_send_command(control[0], APUS_COMMAND_KILL);
                if (message.kind == APUS_MESSAGE_EXEC_FAILED) printf("failed %d, ", message.value);
                if (message.kind == APUS_MESSAGE_EXITED) printf("exited %d, ", message.value);
                if (message.kind == APUS_MESSAGE_CRASHED) printf("crash, ");
            }
            waitpid(launcher, NULL, 0);
            puts(waitpid(bystander, NULL, WNOHANG) == 0 ? "the bystander lives" : "the bystander is dead");
            return 0;
        }
        """
}
