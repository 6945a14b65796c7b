#ifndef APUS_CLAUNCHER_TRACING_H
#define APUS_CLAUNCHER_TRACING_H

// The launcher as tracer (ptrace) of every process of its environment. Only what is common: being attached, new tasks,
// group stops, passing signals on. What to do at a stop is the business of a struct apus_tracer.

#include "internal.h"

#ifdef __linux__

#include <signal.h>

/// What a tracer wants to know. Each function is called with a thread that is stopped and has to leave it so; NULL for
/// what is of no interest. The result is how the thread goes on: PTRACE_CONT, or PTRACE_SYSCALL to stop it again at its
/// next system call.
struct apus_tracer {
    /// PTRACE_O_… beside those for new tasks and for the death of the launcher.
    unsigned long options;
    /// The signal is delivered afterwards.
    int (*at_signal)(pid_t thread, int signal_number);
    /// PTRACE_EVENT_EXEC, PTRACE_EVENT_SECCOMP, PTRACE_EVENT_EXIT, as far as the options ask for them.
    int (*at_event)(pid_t thread, int event);
    /// Begin or end of a system call (needs PTRACE_O_TRACESYSGOOD).
    int (*at_system_call)(pid_t thread);
};

/// Attaches to a child that is between fork and exec. The tracer stays the caller's and is used for all children and
/// their descendants: there is one in a launcher. False where this machine does not permit it; the child then runs without.
bool apus_trace(pid_t child, const struct apus_tracer *tracer);

/// The options of all traced threads, for a tracer that adds one for a single thread.
unsigned long apus_trace_options(void);

/// Takes the news of a stopped thread, if there still is one, and lets the thread go on.
void apus_trace_stopped(pid_t thread);

#endif

#endif
