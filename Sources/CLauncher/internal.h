#ifndef APUS_CLAUNCHER_INTERNAL_H
#define APUS_CLAUNCHER_INTERNAL_H

#include "CLauncher.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

extern char **environ;

/// Main functions of the two processes; they do not return.
void apus_launcher_main(void) __attribute__((noreturn));
void apus_janitor_main(void) __attribute__((noreturn));

/// Leaves what was inherited from the parent: descriptors from `first_closed` on, signal dispositions and the umask.
/// All signals stay blocked afterwards, so that nothing but SIGKILL ends the process.
void apus_detach(const char *name, int first_closed);

struct apus_emulation;
struct apus_tracer;  // tracing.h

/// What to run, taken apart from the environment strings; the pointers point into them.
struct apus_main_child {
    const char *directory;
    const char *executable;
    char **arguments;
    char **variables;
    /// Who looks at what the child and its descendants do; NULL: nobody.
    const struct apus_tracer *tracer;
    /// Without the tracer the child must not run.
    bool must_be_traced;
    const struct apus_emulation *emulation;  // or NULL: run natively
};

/// Looks at processes that a signal is about to end, and reports what it saw. NULL where this system has no such means.
const struct apus_tracer *apus_crash_tracer(void);

/// False when the entries are not what apus_spawn_self's caller writes.
bool apus_read_entries(struct apus_main_child *result);

/// Forks and executes the main child in a process group of its own. Returns its id, or a negative errno.
pid_t apus_start_main_child(const struct apus_main_child *child);

/// Whether waitid's news is that a child has stopped or goes on, not that it has ended.
bool apus_is_stop(const siginfo_t *news);

/// The main child's process id; 0 before it runs and after its end.
pid_t apus_main_child_id(void);

/// Sends a signal to every descendant of this process. Returns how many got it.
int apus_signal_descendants(int signal);

#endif
