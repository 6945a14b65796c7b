import Glibc
import Testing

@testable import Sandbox

/// A small static program that links the launcher as Apus does: something that a test may kill, and whose memory is
/// known.
enum LauncherHost {
    static func compile(in scratch: Scratch, source: String = source) throws -> String {
        let sources = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Sources/CLauncher"
        let files = HostProcess.entries(sources).filter { $0.hasSuffix(".c") }.map { sources + "/" + $0 }
        try #require(!files.isEmpty)
        return try scratch.compile(source, name: "host", options: files + ["-I\(sources)/include", "-static"])
    }

    /// `host run COUNT PROGRAM` launches a program COUNT times with 300 MB in use and prints the largest peak, in KB,
    /// the median of the time from launch to `started`, in µs, and how many descriptors it has lost.
    /// `host extended COUNT PROGRAM` does the same with the program as three extensions as well.
    /// `host wait DIRECTORY SCRIPT` hands a script to sh and a directory to the janitor, and waits for its own death.
    static let source = """
        #include "CLauncher.h"
        #include <dirent.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/wait.h>
        #include <time.h>
        #include <unistd.h>
        #include <poll.h>
        static int control[2], status[2], is_extended;
        static pid_t launch(char *const entries[]) {
            if (apus_socket_pair(control) != 0 || apus_pipe(status) != 0) exit(3);
            int output[2] = {-1, -1};
            if (is_extended && apus_pipe(output) != 0) exit(3);
            struct apus_spawn_descriptors descriptors = {control[1], status[1], -1, output[1]};
            pid_t pid = apus_spawn_self(APUS_LAUNCHER_NAME, descriptors, entries);
            if (pid < 0) exit(4);
            close(control[1]);
            close(status[1]);
            if (is_extended) {
                close(output[0]);
                close(output[1]);
                apus_send_command(control[0], APUS_COMMAND_START_EXTENSIONS);
                apus_send_command(control[0], APUS_COMMAND_START_MAIN);
            }
            return pid;
        }
        static int next(struct apus_launcher_message *message) {
            for (;;) {
                ssize_t count = read(status[0], message, sizeof *message);
                if (count >= 0) return count == sizeof *message;
                struct pollfd request = {.fd = status[0], .events = POLLIN};
                poll(&request, 1, -1);
            }
        }
        static double now(void) {
            struct timespec time;
            clock_gettime(CLOCK_MONOTONIC, &time);
            return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
        }
        static int by_value(const void *a, const void *b) {
            double x = *(const double *)a, y = *(const double *)b;
            return (x > y) - (x < y);
        }
        static int descriptors(void) {
            int count = 0;
            DIR *directory = opendir("/proc/self/fd");
            if (!directory) return 0;
            while (readdir(directory)) count++;
            closedir(directory);
            return count;
        }
        static void run(int count, const char *program) {
            char executable[4096];
            snprintf(executable, sizeof executable, "!%s", program);
            char *entries[] = {
                ":/", executable, ">program", is_extended ? "+" : NULL, ":/", executable, ">first", "+", ":/", executable,
                ">second", "+", executable, ":/", ">third", NULL,
            };
            double *times = calloc(count, sizeof *times);
            unsigned long long peak = 0;
            int before = descriptors(), ended = 0;
            for (int index = 0; index < count; index++) {
                double start = now();
                pid_t pid = launch(entries);
                struct apus_launcher_message message;
                while (next(&message)) {
                    if (message.kind == APUS_MESSAGE_STARTED) times[index] = now() - start;
                    if (message.kind == APUS_MESSAGE_EXITED && message.value == 0) ended++;
                    if (message.peak_bytes > peak) peak = message.peak_bytes;
                }
                close(status[0]);
                close(control[0]);
                waitpid(pid, NULL, 0);
            }
            qsort(times, count, sizeof *times, by_value);
            int zombies = waitpid(-1, NULL, WNOHANG) >= 0;
            printf("%llu %d %d %d %d\\n", peak / 1024, (int)times[count / 2], descriptors() - before, zombies, ended);
        }
        int main(int argc, char **argv) {
            if (argc != 4) return 2;
            char *heap = malloc(300 << 20);
            memset(heap, 1, 300 << 20);
            is_extended = strcmp(argv[1], "extended") == 0;
            if (is_extended || strcmp(argv[1], "run") == 0) {
                run(atoi(argv[2]), argv[3]);
                return heap[5] != 1;
            }
            char directory[4096], script[4096];
            snprintf(directory, sizeof directory, ":%s", argv[2]);
            snprintf(script, sizeof script, ">%s", argv[3]);
            char *janitor[] = {directory, NULL};
            int sockets[2];
            if (apus_socket_pair(sockets) != 0) return 3;
            struct apus_spawn_descriptors descriptors = {sockets[1], -1, -1, -1};
            if (apus_spawn_self(APUS_JANITOR_NAME, descriptors, janitor) < 0) return 4;
            close(sockets[1]);
            char *entries[] = {":/", "!/bin/sh", ">sh", ">-c", script, "=PATH=/usr/local/bin:/usr/bin:/bin", NULL};
            launch(entries);
            for (;;) pause();
        }
        """

    static let nothing = "int main(void) { return 0; }"
}
