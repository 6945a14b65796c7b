#define _GNU_SOURCE
#include "emulation.h"
#include "tracing.h"

#ifdef __linux__

#include "emulation_registers.h"

#include <signal.h>
#include <sys/syscall.h>

static const struct apus_emulation *active;

static int request_for(pid_t thread) {
    return apus_emulation_is_dying(thread) ? PTRACE_SYSCALL : PTRACE_CONT;
}

static int at_signal(pid_t thread, int signal_number) {
    if (signal_number == SIGSEGV || signal_number == SIGBUS) apus_emulation_note_fault(thread);
    return request_for(thread);
}

/// The filter stops a thread at execve, execveat and the forms of getrlimit.
static int at_event(pid_t thread, int event) {
    apus_registers registers;
    if (event != PTRACE_EVENT_SECCOMP || !apus_get_registers(thread, &registers)) return PTRACE_CONT;
    long number = apus_call_number(&registers);
    if (number != SYS_execve && number != SYS_execveat)
        return apus_emulation_begins_to_die(thread) ? PTRACE_SYSCALL : PTRACE_CONT;
    apus_emulation_forget_dying(thread);  // another thread with the number of one that was killed while it died
    apus_emulation_rewrite_exec(active, thread);
    return PTRACE_CONT;
}

static int at_system_call(pid_t thread) {
    return apus_emulation_dying_call(active, thread) ? PTRACE_SYSCALL : PTRACE_CONT;
}

static const struct apus_tracer tracer = {
    .options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD,
    .at_signal = at_signal,
    .at_event = at_event,
    .at_system_call = at_system_call,
};

const struct apus_tracer *apus_emulation_tracer(const struct apus_emulation *emulation) {
    active = emulation;
    return &tracer;
}

#else

const struct apus_tracer *apus_emulation_tracer(const struct apus_emulation *emulation) {
    (void)emulation;
    return NULL;
}

#endif
