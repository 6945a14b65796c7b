#define _GNU_SOURCE
#include "tracing.h"

#ifdef __linux__

#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

/// A stop at a system call has this beside SIGTRAP (PTRACE_O_TRACESYSGOOD).
enum { SYSTEM_CALL_STOP = SIGTRAP | 0x80 };

static const struct apus_tracer *tracer;

unsigned long apus_trace_options(void) {
    unsigned long common = PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
    return tracer == NULL ? common : common | tracer->options;
}

bool apus_trace(pid_t child, const struct apus_tracer *given) {
    // A child that cannot be attached (it has been killed, perhaps) does not end the tracing of others.
    const struct apus_tracer *before = tracer;
    tracer = given;
    // SEIZE, not ATTACH: no SIGSTOP is sent, and a stopped group (a frozen environment) stays stopped.
    if (ptrace(PTRACE_SEIZE, child, NULL, apus_trace_options()) == 0) return true;
    tracer = before;
    return false;
}

static bool stops_a_group(int signal_number) {
    return signal_number == SIGSTOP || signal_number == SIGTSTP || signal_number == SIGTTIN || signal_number == SIGTTOU;
}

/// A task that has just been attached, a group that has stopped, or one that goes on.
static void resume_group_stop(pid_t thread, int signal_number) {
    // Listening, it stays stopped as it would be without a tracer, and SIGCONT is told as another such stop.
    if (stops_a_group(signal_number) && ptrace(PTRACE_LISTEN, thread, NULL, NULL) == 0) return;
    ptrace(PTRACE_CONT, thread, NULL, NULL);
}

static void resume_event(pid_t thread, int event) {
    bool is_new_task = event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE;
    int request = is_new_task || tracer->at_event == NULL ? PTRACE_CONT : tracer->at_event(thread, event);
    ptrace(request, thread, NULL, NULL);
}

static void resume_system_call(pid_t thread) {
    int request = tracer->at_system_call == NULL ? PTRACE_CONT : tracer->at_system_call(thread);
    ptrace(request, thread, NULL, NULL);
}

static void resume_signal(pid_t thread, int signal_number) {
    int request = tracer->at_signal == NULL ? PTRACE_CONT : tracer->at_signal(thread, signal_number);
    ptrace(request, thread, NULL, (void *)(uintptr_t)signal_number);
}

void apus_trace_stopped(pid_t thread) {
    // WEXITED is left out: a thread that was killed after its stop had been seen keeps its exit status for the reaper.
    siginfo_t news;
    memset(&news, 0, sizeof news);
    if (waitid(P_PID, (id_t)thread, &news, WSTOPPED | WNOHANG | __WALL) != 0) return;
    if (news.si_pid != thread || news.si_code != CLD_TRAPPED || tracer == NULL) return;
    // A thread that was killed meanwhile answers ESRCH to every request, and has nothing more to be told.
    int event = news.si_status >> 8, signal_number = news.si_status & 0xFF;
    if (event == PTRACE_EVENT_STOP) resume_group_stop(thread, signal_number);
    else if (event != 0) resume_event(thread, event);
    else if (signal_number == SYSTEM_CALL_STOP) resume_system_call(thread);
    else resume_signal(thread, signal_number);
}

#endif
