#define _GNU_SOURCE
#include "CCPUProbe.h"
#include "internal.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT_MILLISECONDS = 2000, CHILD_MILLISECONDS = 500, STEP_NANOSECONDS = 100000 };

/// What parent and child share. The child notes how far it is before each instruction, so that one that ends the child
/// costs only itself.
struct progress {
    volatile size_t next;
    volatile unsigned char results[];
};

static sigjmp_buf recovery;

static void on_fault(int signal) {
    (void)signal;
    siglongjmp(recovery, 1);
}

/// In the child, where only async-signal-safe functions may be called: other threads of the parent may have held locks.
static void run_probes(struct progress *progress) {
    static const int faults[] = {SIGILL, SIGSEGV, SIGBUS, SIGFPE, SIGTRAP};
    static _Alignas(64) unsigned char memory[APUS_PROBE_MEMORY];
    // An emulator that takes an instruction for another one may have spoilt the stack.
    static _Alignas(64) unsigned char stack[1 << 16];
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternative, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_fault;
    action.sa_flags = SA_ONSTACK;
    for (size_t index = 0; index < sizeof faults / sizeof *faults; index++) sigaction(faults[index], &action, NULL);
    // Should the parent be killed meanwhile, nobody else ends an instruction that hangs.
    signal(SIGALRM, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    alarm(LIMIT_MILLISECONDS / 1000);

    while (progress->next < apus_probes_count) {
        size_t index = progress->next;
        progress->results[index] |= APUS_CPU_TRIED;
        if (sigsetjmp(recovery, 1) == 0 && apus_probes[index].executes(memory))
            progress->results[index] |= APUS_CPU_EXECUTES;
        progress->next++;
    }
}

static long milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Waits for the child's end; kills it when the time has come.
static void wait_until(pid_t child, long limit) {
    static const struct timespec step = {0, STEP_NANOSECONDS};
    while (milliseconds() < limit) {
        pid_t ended = waitpid(child, NULL, WNOHANG);
        if (ended == child || (ended < 0 && errno != EINTR)) return;
        nanosleep(&step, NULL);
    }
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
}

/// Children one after the other, each going on behind the instruction that ended the last one.
static int probe_in_children(struct progress *progress) {
    long limit = milliseconds() + LIMIT_MILLISECONDS;
    while (progress->next < apus_probes_count) {
        size_t first = progress->next;
        pid_t child = fork();
        if (child < 0) return errno;
        if (child == 0) {
            run_probes(progress);
            _exit(0);
        }
        long end = milliseconds() + CHILD_MILLISECONDS;
        wait_until(child, end < limit ? end : limit);
        // A child that did not even begin in its time will not begin the next time either.
        if (!(progress->results[first] & APUS_CPU_TRIED) || milliseconds() >= limit) return 0;
        if (progress->next < apus_probes_count) progress->next++;
    }
    return 0;
}

size_t apus_cpu_probe_count(void) { return apus_probes_count; }

const char *apus_cpu_probe_name(size_t index) { return index < apus_probes_count ? apus_probes[index].name : NULL; }

int apus_cpu_probe(unsigned char *results) {
    size_t count = apus_probes_count, size = sizeof(struct progress) + count;
    for (size_t index = 0; index < count; index++)
        results[index] = apus_probes[index].announced() ? APUS_CPU_ANNOUNCED : 0;
    struct progress *progress = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
    if (progress == MAP_FAILED) return errno;
    int error = probe_in_children(progress);
    for (size_t index = 0; index < count; index++) results[index] |= progress->results[index];
    munmap(progress, size);
    return error;
}
