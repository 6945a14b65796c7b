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
struct apus_room;
struct apus_tracer;  // tracing.h

/// The main child, whose number is 0, and the extensions.
enum { APUS_MAXIMUM_CHILDREN = 1 + APUS_MAXIMUM_EXTENSIONS };

/// What to run as one child; the pointers point into the environment strings.
struct apus_program {
    const char *directory;
    const char *executable;
    char **arguments;
    char **variables;
};

/// All that the environment strings say.
struct apus_launch {
    struct apus_program programs[APUS_MAXIMUM_CHILDREN];
    int program_count;
    /// What removes what would outlive the children (cleanup.h).
    bool has_cleanup;
    struct apus_program cleanup;
    /// Who looks at what the children and their descendants do; NULL: nobody, or nobody can.
    const struct apus_tracer *tracer;
    /// Without the tracer no child must run.
    bool must_be_traced;
    const struct apus_emulation *emulation;  // or NULL: run natively
    const struct apus_room *room;  // or NULL: run on this machine as it is
};

/// Looks at processes that a signal is about to end, and reports what it saw. NULL where this system has no such means.
const struct apus_tracer *apus_crash_tracer(void);

/// False when the entries are not what apus_spawn_self's caller writes.
bool apus_read_entries(struct apus_launch *result);

/// Forks a child that executes one program of the launch in a process group of its own, and returns before it has done
/// so. Returns its id, or a negative errno. From the non-blocking `*failure`, which is the caller's to close, the errno
/// of a failed start can be read; the end of the file means that the program runs (or has been killed before).
pid_t apus_start_child(const struct apus_launch *launch, int number, int *failure);

struct rusage;

/// Sends a message, if anybody still listens; `usage` of an exit, or NULL.
void apus_report(uint32_t kind, int child, int32_t value, const struct rusage *usage);

/// Whether waitid's news is that a child has stopped or goes on, not that it has ended.
bool apus_is_stop(const siginfo_t *news);

/// Lets a traced thread that has stopped go on.
void apus_take_stop(pid_t thread);

/// The main child's process id; 0 before its start and after its end.
pid_t apus_main_child_id(void);

/// Whether /proc shows the processes of this process's own PID namespace. Where it does not (none is mounted, or it is
/// that of a namespace outside), its numbers mean other processes here, and nothing may be looked for by them.
bool apus_has_own_proc(void);

/// Sends a signal to every descendant of a process: of this one, or of a child of it that only the caller can reap and
/// does not meanwhile. Returns how many got it, zombies that are not this process's own left out; none without an own
/// /proc.
int apus_signal_descendants(pid_t ancestor, int signal);

/// The letter of a process's state in /proc, such as Z for a zombie; 0 where it cannot be known.
char apus_state_of(pid_t process);

#endif
