import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// What tests of emulation need besides the package.
enum Emulators {
    static let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"

    static func program(_ names: String...) -> String? {
        for name in names {
            for directory in path.split(separator: ":") where HostFile.isExecutable(directory + "/" + name) {
                return directory + "/" + name
            }
        }
        return nil
    }

    private static let x86Program = program("qemu-x86_64", "qemu-x86_64-static")
    private static let armProgram = program("qemu-aarch64", "qemu-aarch64-static")
    static let armCompiler = program("aarch64-linux-gnu-gcc")

    /// The programs of these tests are x86-64 ones, made by this machine's compiler.
    static let x86: ConditionTrait = .enabled(
        if: x86Program != nil && Architecture.host == .x86_64,
        "this is no x86-64 machine, or qemu-x86_64 is not installed (qemu-user)"
    )
    static let arm64: ConditionTrait = .enabled(
        if: armProgram != nil && armCompiler != nil && Architecture.host == .x86_64,
        "this is no x86-64 machine, or qemu-aarch64 (qemu-user) or aarch64-linux-gnu-gcc is not installed"
    )

    static func resolve(_ model: String, _ architecture: Architecture = .x86_64) throws -> CPUEmulation {
        try CPUEmulation.resolve(model: model, architecture: architecture, environmentPATH: path)
    }
}

extension Scratch {
    /// Compiles `EmulatedPrograms.probe`.
    func probe(options: [String] = []) throws -> String {
        try compile(EmulatedPrograms.probe, name: "probe", options: ["-g", "-pthread"] + options)
    }

    /// The same for arm64.
    func armProbe(options: [String] = []) throws -> String {
        let compiler = try #require(Emulators.armCompiler)
        let source = try write("arm.c", EmulatedPrograms.probe, mode: 0o644)
        let result = path + "/arm-probe"
        let run = try RunningEnvironment(
            LaunchSpecification(
                executable: compiler,
                arguments: [compiler, "-O1", "-g", "-pthread", "-o", result, source] + options,
                environment: ["PATH": Emulators.path, "TMPDIR": path],
                workingDirectory: path
            )
        )
        let output = run.output()
        try #require(try run.allMessages().last?.exitStatus == .exited(0), "\(output)")
        return result
    }

    /// Launches a program of this directory on an emulated CPU.
    func run(
        _ arguments: [String],
        on emulation: CPUEmulation?,
        environment: [String: String] = ["PATH": Emulators.path]
    ) throws -> RunningEnvironment {
        try RunningEnvironment(
            LaunchSpecification(
                executable: arguments[0],
                arguments: arguments,
                environment: environment,
                workingDirectory: path,
                emulation: emulation
            )
        )
    }
}

extension [LauncherMessage] {
    var crashes: [CrashFacts] {
        compactMap { message in if case .crashed(let facts) = message { facts } else { nil } }
    }

    var exitStatus: ProcessExit.Status? { last?.exitStatus }
}

enum EmulatedPrograms {
    /// `probe MODE`: what the first argument says, after a word of output without an end of line.
    static let probe = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <pthread.h>
        #include <signal.h>
        #include <spawn.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <sys/resource.h>
        #include <sys/sendfile.h>
        #include <sys/wait.h>
        #include <unistd.h>
        extern char **environ;
        static volatile int zero;
        #ifdef __x86_64__
        #define NEWER "vpaddd %%ymm0, %%ymm0, %%ymm1"
        #define TRAP "int3"
        #define UNDEFINED "ud2"
        #else
        #define NEWER ".inst 0xce010800"
        #define TRAP "brk #1"
        #define UNDEFINED "udf #0"
        #endif
        __attribute__((noinline)) static void newer(void) { __asm__ volatile(NEWER ::: "memory"); }
        static void *newer_thread(void *ignored) { usleep(1000); newer(); return ignored; }
        static void *idle_thread(void *ignored) { for (;;) pause(); return ignored; }
        static void *exec_thread(void *program) { execl(program, program, "report", NULL); return NULL; }
        static int is(const char *mode, const char *name) { return strcmp(mode, name) == 0; }
        static void bus(void) {
            char name[] = "bus-XXXXXX";
            int file = mkstemp(name);
            unlink(name);
            *(volatile char *)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) = 1;
        }
        static int spawn(char *program) {
            char *arguments[] = {program, "newer", NULL};
            pid_t pid;
            int status;
            if (posix_spawn(&pid, program, NULL, NULL, arguments, environ) != 0) return 3;
            waitpid(pid, &status, 0);
            return WIFSIGNALED(status) ? 100 + WTERMSIG(status) : 0;
        }
        int main(int count, char **arguments) {
            const char *mode = count > 1 ? arguments[1] : "report";
            char directory[4096];
            pthread_t thread;
            if (is(mode, "report")) {
                printf("%s", getcwd(directory, sizeof directory));
                for (int index = 0; index < count; index++) printf("|%s", arguments[index]);
                for (char **variable = environ; *variable; variable++) printf("|%s", *variable);
                return 7;
            }
            if (is(mode, "spawn")) return spawn(arguments[0]);
            if (is(mode, "fexec")) {
                char *again[] = {"again", "report", NULL};
                fexecve(open(arguments[0], O_RDONLY | O_CLOEXEC), again, environ);
                return 3;
            }
            if (is(mode, "memory")) {
                char *again[] = {"again", "report", NULL};
                int file = memfd_create("copy", MFD_CLOEXEC), source = open(arguments[0], O_RDONLY);
                sendfile(file, source, NULL, 100000000);
                close(source);
                fexecve(file, again, environ);
                return 3;
            }
            if (is(mode, "self")) return execl("/proc/self/exe", "self", "report", NULL);
            if (is(mode, "thread-exec")) {
                pthread_create(&thread, NULL, exec_thread, arguments[0]);
                return pthread_join(thread, NULL);
            }
            printf("begin");
            fflush(stdout);
            if (is(mode, "limit")) {
                struct rlimit limit;
                getrlimit(RLIMIT_CORE, &limit);
                printf(" %d %d", (int)limit.rlim_cur, (int)limit.rlim_max);
            }
            if (is(mode, "newer")) newer();
            if (is(mode, "thread")) {
                for (int index = 0; index < 10; index++) pthread_create(&thread, NULL, idle_thread, NULL);
                pthread_create(&thread, NULL, newer_thread, NULL);
                pthread_join(thread, NULL);
            }
            if (is(mode, "fork")) {
                if (fork() == 0) newer();
                int status;
                wait(&status);
                return WIFSIGNALED(status) ? 100 + WTERMSIG(status) : 0;
            }
            if (is(mode, "undefined")) __asm__ volatile(UNDEFINED);
            if (is(mode, "trap")) __asm__ volatile(TRAP);
            if (is(mode, "abort")) abort();
            if (is(mode, "segv")) *(volatile int *)0x1234560 = 1;
            if (is(mode, "jump")) ((void (*)(void))0x1234560)();
            if (is(mode, "divide")) { volatile int one = 1; zero = one / zero; }
            if (is(mode, "bus")) bus();
            if (is(mode, "term")) raise(SIGTERM);
            if (is(mode, "handled")) {
                signal(SIGSEGV, _exit);
                *(volatile int *)0x1234560 = 1;
            }
            printf(" end");
            return 0;
        }
        """
}
