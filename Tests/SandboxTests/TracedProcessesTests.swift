import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// Programs under a tracer behave as they do without one, and none of their tasks is lost or left stopped.
@Suite(.enabled(if: TracingPermission.isGiven, Comment(rawValue: TracingPermission.reason)))
struct TracedProcessesTests {
    /// Processes and threads by the thousand, made in every way there is. Any that is left stopped makes a parent wait
    /// for ever; any whose end is not told to its parent does too.
    private static let crowd = #"""
        #define _GNU_SOURCE
        #include <pthread.h>
        #include <signal.h>
        #include <spawn.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/wait.h>
        #include <unistd.h>
        extern char **environ;
        static void *nothing(void *unused) { return unused; }
        static void *executes(void *unused) { execl("/bin/true", "true", (char *)0); return unused; }
        static volatile sig_atomic_t signals;
        static void count(int number) { (void)number; signals++; }
        static void wait_for(pid_t child) { int status; if (waitpid(child, &status, 0) != child || status) abort(); }
        int main(int arguments, char **argument) {
            char *arguments_of_true[] = {"true", 0};
            int rounds = arguments > 1 ? atoi(argument[1]) : 1;
            signal(SIGUSR1, count);
            for (int round = 0; round < rounds; round++) {
                pid_t children[16];
                for (int index = 0; index < 16; index++)
                    if ((children[index] = fork()) == 0) _exit(0);
                for (int index = 0; index < 16; index++) wait_for(children[index]);
                pid_t spawned, shared = vfork();
                if (shared == 0) _exit(0);
                wait_for(shared);
                if (posix_spawn(&spawned, "/bin/true", 0, 0, arguments_of_true, environ)) return 2;
                wait_for(spawned);
                pid_t parent = fork();
                if (parent == 0) { if (fork() == 0) { setsid(); _exit(0); } _exit(0); }  // a daemon
                wait_for(parent);
                pid_t many = fork();
                if (many == 0) {  // a thread that executes ends all others
                    pthread_t thread;
                    for (int index = 0; index < 4; index++) pthread_create(&thread, 0, (void *(*)(void *))pause, 0);
                    pthread_create(&thread, 0, executes, 0);
                    pause();
                }
                wait_for(many);
                pthread_t threads[16];
                for (int index = 0; index < 16; index++) if (pthread_create(&threads[index], 0, nothing, 0)) return 3;
                for (int index = 0; index < 16; index++) pthread_join(threads[index], 0);
                for (int index = 0; index < 16; index++) raise(SIGUSR1);
            }
            if (signals != 16 * rounds) return 4;
            puts("all there");
            return 0;
        }
        """#

    @Test func thousandsOfTasksComeAndGo() throws {
        let scratch = try Scratch()
        let crowd = try scratch.compile(Self.crowd, name: "crowd", options: ["-pthread"])
        let run = try CrashCapture(crowd, ["100"])
        #expect(run.lines == ["all there"])
        #expect(run.status == .exited(0))
        #expect(run.crashes.isEmpty)
    }

    /// Freezing comes at any moment of a fork, an exec or a signal.
    @Test func aCrowdIsFrozenAndThawedWhileItWorks() throws {
        let scratch = try Scratch()
        let crowd = try scratch.compile(Self.crowd, name: "crowd", options: ["-pthread"])
        let environment = try RunningEnvironment(
            shell: "\"$1\" 60; \"$1\" 1",
            arguments: [crowd],
            capturesCrashes: true
        )
        // A socket of Linux takes 278 commands that have not been read; more are lost.
        for _ in 0..<130 {
            environment.processes.send(.stop)
            sched_yield()
            environment.processes.send(.continue)
        }
        #expect(environment.nextLine() == "all there")
        #expect(environment.nextLine() == "all there")
        #expect(try environment.allMessages().last?.exitStatus == .exited(0))
    }

    @Test func aThousandThreadsDieOfOneSignal() throws {
        let scratch = try Scratch()
        let program = try scratch.compile(
            """
            #include <pthread.h>
            #include <unistd.h>
            static void *wait(void *unused) { pause(); return unused; }
            int main(void) {
                pthread_attr_t small;
                pthread_t thread;
                pthread_attr_init(&small);
                pthread_attr_setstacksize(&small, 65536);
                for (int index = 0; index < 1000; index++) pthread_create(&thread, &small, wait, 0);
                *(volatile int *)8 = 1;
            }
            """,
            name: "threads",
            options: ["-pthread"]
        )
        let run = try CrashCapture(program, [])
        #expect(run.status == .signaled(SIGSEGV))
        #expect(run.crashes.map(\.faultAddress) == [8])
    }

    /// A process that handles faults without end does not keep the launcher from its commands.
    @Test func aStormOfSignalsCanBeEnded() throws {
        let scratch = try Scratch()
        let program = try scratch.compile(
            """
            #include <setjmp.h>
            #include <signal.h>
            #include <unistd.h>
            static sigjmp_buf home;
            static void back(int number) { siglongjmp(home, number); }
            int main(void) {
                signal(SIGSEGV, back);
                for (int index = 0; index < 8; index++) if (fork() == 0) break;
                write(1, "ready\\n", 6);
                for (;;) if (sigsetjmp(home, 1) == 0) *(volatile int *)8 = 1;
            }
            """,
            name: "storm"
        )
        let environment = try RunningEnvironment(shell: "exec \(program)", capturesCrashes: true)
        #expect(environment.nextLine() == "ready")
        environment.processes.send(.kill)
        #expect(try environment.allMessages().last?.exitStatus == .signaled(SIGKILL))
    }

    @Test func twoHundredDeathsLeaveNothing() throws {
        let program = try CrashProgram.path()
        for number in 0..<200 {
            let run = try CrashCapture(program, [number % 2 == 0 ? "segv" : "ill", number % 3 == 0 ? "child" : ""])
            #expect(run.crashes.count == 1)
            #expect(HostProcess.isGone(run.pid))
        }
    }

    @Test func theStatusOfATracedMainProcessHasTheSameFigures() throws {
        let script = "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done"
        for traced in [false, true] {
            let messages = try RunningEnvironment(shell: script, capturesCrashes: traced).allMessages()
            guard case .exited(let exit) = messages.last else {
                Issue.record("no exit in \(messages)")
                continue
            }
            #expect(exit.cpuMicroseconds > 1_000)
            #expect(exit.peakMemoryBytes > 500_000)
            #expect(exit.peakMemoryBytes < 50_000_000)
        }
    }
}
