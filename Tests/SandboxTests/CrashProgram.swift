import Testing

@testable import Sandbox

/// A C program that dies in the way that its first argument names, and says before where things are in its memory:
/// `module BIAS PATH` for each mapped file, `at START` for the function that faults and `caller START`.
enum CrashProgram {
    static let source = #"""
        #define _GNU_SOURCE
        #include <link.h>
        #include <pthread.h>
        #include <setjmp.h>
        #include <signal.h>
        #include <spawn.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <sys/wait.h>
        #include <unistd.h>

        #define DIES __attribute__((noinline, aligned(64)))
        #if defined(__x86_64__)
        #define TRAP "ud2"
        #define UNKNOWN ".byte 0x06"
        #define BREAKPOINT "int3"
        #else
        #define TRAP "udf #0"
        #define UNKNOWN ".inst 0x00000001"
        #define BREAKPOINT "brk #0"
        #endif

        static volatile int zero, sink;
        static volatile int *volatile nowhere = (int *)0x10;
        static sigjmp_buf home;
        extern char **environ;

        DIES void die_ill(void) { __asm__ volatile(TRAP); }
        DIES void die_unknown(void) { __asm__ volatile(UNKNOWN); }
        DIES void die_trap(void) { __asm__ volatile(BREAKPOINT); }
        DIES void die_segv(void) { *nowhere = 1; }
        DIES void die_fpe(void) { sink = 7 / zero; }
        DIES void die_abort(void) { abort(); }
        DIES void die_bus(void) {
            FILE *file = tmpfile();
            volatile char *bytes = mmap(0, 4096, PROT_READ, MAP_PRIVATE, fileno(file), 0);
            sink = bytes[100];
        }
        DIES void die_jump(void) { ((void (*)(void))nowhere)(); sink = 1; }
        DIES void call(void (*function)(void)) { function(); sink = 2; }

        static void *crash_in_thread(void *function) { call((void (*)(void))function); return 0; }
        static void in_thread(void (*function)(void)) {
            pthread_t thread;
            pthread_create(&thread, 0, crash_in_thread, (void *)function);
            pthread_join(thread, 0);
        }
        static void jump_home(int number) { siglongjmp(home, number); }
        static void abort_now(int number) { (void)number; abort(); }
        static void exit_now(int number) { (void)number; _exit(2); }
        static void default_and_return(int number) { signal(number, SIG_DFL); }
        static void handle(void (*handler)(int), int flags) {
            static char stack[65536];
            stack_t place = {.ss_sp = stack, .ss_size = sizeof stack};
            if (flags & SA_ONSTACK) sigaltstack(&place, 0);
            struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
            sigaction(SIGSEGV, &action, 0);
            sigaction(SIGFPE, &action, 0);
        }
        static void survive(int times) {
            for (volatile int index = 0; index < times; index++) if (sigsetjmp(home, 1) == 0) call(die_segv);
        }
        static int show(struct dl_phdr_info *information, size_t size, void *unused) {
            (void)size, (void)unused;
            printf("module %lx %s\n", (unsigned long)information->dlpi_addr, information->dlpi_name);
            return 0;
        }
        static void fork_and(void (*function)(void)) {
            if (fork() == 0) { call(function); _exit(9); }
            int status;
            wait(&status);
            printf("child %d\n", WTERMSIG(status));
        }

        static struct { const char *name; void (*function)(void); } ways[] = {
            {"ill", die_ill}, {"unknown", die_unknown}, {"trap", die_trap}, {"segv", die_segv}, {"fpe", die_fpe},
            {"abort", die_abort}, {"bus", die_bus}, {"jump", die_jump},
        };

        int main(int count, char **arguments) {
            const char *way = arguments[1], *mode = count > 2 ? arguments[2] : "";
            void (*function)(void) = 0;
            for (size_t index = 0; index < sizeof ways / sizeof ways[0]; index++)
                if (strcmp(ways[index].name, way) == 0) function = ways[index].function;
            setvbuf(stdout, 0, _IOLBF, 0);
            dl_iterate_phdr(show, 0);
            printf("at %lx\ncaller %lx\n", (unsigned long)function, (unsigned long)call);
            if (strcmp(mode, "thread") == 0) in_thread(function);
            else if (strcmp(mode, "child") == 0) { fork_and(function); return 0; }
            else if (strcmp(mode, "survive") == 0) { handle(jump_home, 0); survive(100); return 0; }
            else if (strcmp(mode, "survive-then-die") == 0) { handle(jump_home, SA_ONSTACK); survive(3); call(function); }
            else if (strcmp(mode, "abort-in-handler") == 0) { handle(abort_now, 0); call(function); }
            else if (strcmp(mode, "abort-on-other-stack") == 0) { handle(abort_now, SA_ONSTACK); call(function); }
            else if (strcmp(mode, "exit-in-handler") == 0) { handle(exit_now, SA_ONSTACK); call(function); }
            else if (strcmp(mode, "default-in-handler") == 0) { handle(default_and_return, 0); call(function); }
            else if (strcmp(mode, "ignored") == 0) { signal(SIGSEGV, SIG_IGN); raise(SIGSEGV); return 0; }
            else if (strcmp(mode, "ignored-fault") == 0) { signal(SIGSEGV, SIG_IGN); call(function); }
            else call(function);
            return 1;
        }
        """#

    /// Compiled once; the scratch directory disappears with the tests' process.
    private static let compiled = Result { () throws -> (scratch: Scratch, path: String) in
        let scratch = try Scratch()
        return (scratch, try scratch.compile(source, name: "crash", options: ["-pthread", "-fno-omit-frame-pointer"]))
    }

    static func path() throws -> String { try compiled.get().path }
}
