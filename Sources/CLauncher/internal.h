#ifndef APUS_CLAUNCHER_INTERNAL_H
#define APUS_CLAUNCHER_INTERNAL_H

#include "CLauncher.h"

#include <stdbool.h>
#include <stddef.h>

extern char **environ;

/// Main functions of the two processes; they do not return.
void apus_launcher_main(void) __attribute__((noreturn));
void apus_janitor_main(void) __attribute__((noreturn));

/// Leaves what was inherited from the parent: descriptors from `first_closed` on, signal dispositions and the umask.
/// All signals stay blocked afterwards, so that nothing but SIGKILL ends the process.
void apus_detach(const char *name, int first_closed);

/// What to run, taken apart from the environment strings; the pointers point into them.
struct apus_main_child {
    const char *directory;
    const char *executable;
    char **arguments;
    char **variables;
};

/// False when the entries are not what apus_spawn_self's caller writes.
bool apus_read_entries(struct apus_main_child *result);

/// Forks and executes the main child in a process group of its own. Returns its id, or a negative errno.
pid_t apus_start_main_child(const struct apus_main_child *child);

/// Sends a signal to every descendant of this process. Returns how many got it.
int apus_signal_descendants(int signal);

#endif
