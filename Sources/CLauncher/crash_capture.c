#define _GNU_SOURCE
#include "crash_capture.h"
#include "tracing.h"

#ifdef __linux__

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/// A fault whose handler may still run, and may end the process itself in the end (the runtimes of Go, Rust and Swift
/// raise another signal when they have printed their report).
struct fault {
    pid_t thread;
    siginfo_t information;
    struct apus_crash_registers registers;
};

enum { REMEMBERED_FAULTS = 16 };

static struct fault faults[REMEMBERED_FAULTS];
static unsigned next_fault;
static pid_t reported[APUS_CRASH_REPORTS];
static unsigned reported_count;

static bool is_crash_signal(int number) {
    switch (number) {
    case SIGILL: case SIGTRAP: case SIGABRT: case SIGBUS: case SIGFPE: case SIGSEGV: case SIGSYS: return true;
    default: return false;
    }
}

// MARK: What a signal will do

struct disposition {
    pid_t process;  // the thread group's id
    bool is_caught;
    bool is_ignored;
};

static bool find_number(const char *status, const char *label, int base, unsigned long long *number) {
    const char *place = strstr(status, label);
    if (place == NULL) return false;
    *number = strtoull(place + strlen(label), NULL, base);
    return true;
}

/// From /proc/PID/status; a signal that a fault raises while it is blocked or ignored has been set to its default
/// there.
static bool read_disposition(pid_t thread, int signal_number, struct disposition *result) {
    char path[64], status[8192];
    snprintf(path, sizeof path, "/proc/%d/status", (int)thread);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t count = read(file, status, sizeof status - 1);
    close(file);
    if (count <= 0) return false;
    status[count] = 0;

    // The program's name in the first line cannot fake these: its newlines are escaped.
    unsigned long long process, ignored, caught;
    if (!find_number(status, "\nTgid:\t", 10, &process) || !find_number(status, "\nSigIgn:\t", 16, &ignored)
        || !find_number(status, "\nSigCgt:\t", 16, &caught))
        return false;
    unsigned long long bit = 1ULL << (signal_number - 1);
    *result = (struct disposition){
        .process = (pid_t)process, .is_caught = (caught & bit) != 0, .is_ignored = (ignored & bit) != 0};
    return true;
}

// MARK: Faults that have a handler

static struct fault *find_fault(pid_t thread) {
    for (unsigned index = 0; index < REMEMBERED_FAULTS; index++)
        if (faults[index].thread == thread) return &faults[index];
    return NULL;
}

/// The last fault of each thread. From now on its exit is of interest too: Go's handler ends the program by exit(2)
/// when it has printed its report.
static void remember(pid_t thread, const siginfo_t *information, unsigned long options) {
    struct fault fault = {.thread = thread, .information = *information};
    if (!apus_crash_registers_of(thread, &fault.registers)) return;
    struct fault *place = find_fault(thread);
    if (place == NULL) place = &faults[next_fault++ % REMEMBERED_FAULTS];
    *place = fault;
    ptrace(PTRACE_SETOPTIONS, thread, NULL, options | PTRACE_O_TRACEEXIT);
}

static void forget(pid_t thread) {
    struct fault *fault = find_fault(thread);
    if (fault != NULL) fault->thread = 0;
}

// MARK: Capture

static bool was_reported(pid_t process) {
    for (unsigned index = 0; index < reported_count; index++)
        if (reported[index] == process) return true;
    return false;
}

static void read_executable(struct apus_crash *crash, pid_t thread) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/exe", (int)thread);
    ssize_t length = readlink(path, crash->executable, sizeof crash->executable - 1);
    crash->executable[length > 0 ? length : 0] = 0;
}

static void describe_signal(struct apus_crash *crash, const siginfo_t *information) {
    crash->signal = information->si_signo;
    crash->signal_code = information->si_code;
    crash->flags |= APUS_CRASH_HAS_SIGNAL_CODE;
    // A signal that a process has sent has no address, nor has x86's general protection fault (SI_KERNEL).
    bool is_fault = information->si_code > 0 && information->si_code != SI_KERNEL;
    if (!is_fault || information->si_signo == SIGABRT) return;
    crash->flags |= APUS_CRASH_HAS_FAULT_ADDRESS;
    crash->fault_address = (uint64_t)(uintptr_t)information->si_addr;
}

static void describe_place(struct apus_crash *crash, const struct apus_address_space *space,
                           const struct apus_crash_registers *registers) {
    crash->program_counter = registers->program_counter;
    crash->stack_pointer = registers->stack_pointer;
    crash->code_count =
        (uint8_t)apus_address_space_read(space, crash->program_counter, crash->code, sizeof crash->code);
    crash->module = apus_crash_module_at(crash, space, crash->program_counter);
    apus_crash_walk_stack(crash, space, registers);
}

/// `information` is of the signal that ends the process; NULL if the thread exits, which is a crash only inside of a
/// fault's handler.
static void capture(pid_t thread, pid_t process, const siginfo_t *information) {
#ifdef APUS_CRASH_NATIVE
    static struct apus_crash crash;
    struct apus_crash_registers registers;
    struct apus_address_space space;
    if (!apus_crash_registers_of(thread, &registers)) return;
    apus_address_space_open(&space, thread);
    const struct fault *earlier = find_fault(thread);
    bool in_handler = earlier != NULL && apus_crash_handler_runs(&space, registers.stack_pointer, &earlier->registers);
    if (!in_handler && information == NULL) return apus_address_space_close(&space);

    apus_crash_begin(&crash);
    crash.architecture = APUS_CRASH_NATIVE;
    crash.process = process;
    if (process == apus_main_child_id()) crash.flags |= APUS_CRASH_IS_MAIN_PROCESS;
    read_executable(&crash, thread);
    describe_signal(&crash, in_handler ? &earlier->information : information);
    describe_place(&crash, &space, in_handler ? &earlier->registers : &registers);
    apus_address_space_close(&space);
    reported[reported_count++ % APUS_CRASH_REPORTS] = process;
    apus_crash_report(&crash);
#else
    (void)thread, (void)process, (void)information;
#endif
}

// MARK: Stops

static int at_signal(pid_t thread, int signal_number) {
    if (!is_crash_signal(signal_number) || !apus_crash_reports_left()) return PTRACE_CONT;
    siginfo_t information;
    memset(&information, 0, sizeof information);
    struct disposition disposition;
    if (ptrace(PTRACE_GETSIGINFO, thread, NULL, &information) != 0) return PTRACE_CONT;
    if (!read_disposition(thread, signal_number, &disposition) || disposition.is_ignored) return PTRACE_CONT;
    if (disposition.is_caught) {
        if (information.si_code > 0) remember(thread, &information, apus_trace_options());
    } else if (!was_reported(disposition.process)) {
        // One report for a process whose threads crash at the same time.
        capture(thread, disposition.process, &information);
    }
    return PTRACE_CONT;
}

/// A thread that had a fault exits. Only a failure is of interest, and a signal's death has been seen already.
static void at_exit(pid_t thread) {
    unsigned long status = 0;
    struct disposition disposition;
    ptrace(PTRACE_GETEVENTMSG, thread, NULL, &status);
    bool has_failed = WIFEXITED((int)status) && WEXITSTATUS((int)status) != 0;
    if (!has_failed || !apus_crash_reports_left() || find_fault(thread) == NULL) return;
    if (!read_disposition(thread, SIGILL, &disposition) || was_reported(disposition.process)) return;
    capture(thread, disposition.process, NULL);
}

static int at_event(pid_t thread, int event) {
    if (event == PTRACE_EVENT_EXIT) at_exit(thread);
    // Another program, or another thread of this number, has nothing to do with the faults of the one before.
    forget(thread);
    return PTRACE_CONT;
}

static const struct apus_tracer crash_tracer = {
    .options = PTRACE_O_TRACEEXEC,
    .at_signal = at_signal,
    .at_event = at_event,
};

const struct apus_tracer *apus_crash_tracer(void) {
    return &crash_tracer;
}

#else

const struct apus_tracer *apus_crash_tracer(void) {
    return NULL;
}

#endif
