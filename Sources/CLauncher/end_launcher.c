#define _GNU_SOURCE
#include "internal.h"

#include <signal.h>

/// Walks for what is forked, or comes to the launcher from a dead parent, while one goes on.
enum { STOPPING_WALKS = 2, KILLING_WALKS = 3 };

void apus_end_launcher(pid_t launcher) {
    // A stopped launcher reaps nobody: the ids of its children stay theirs, and their orphans come to it, not to init.
    kill(launcher, SIGSTOP);
    // What does not run starts nothing that a walk could miss.
    for (int walk = 0; walk < STOPPING_WALKS; walk++) apus_signal_descendants(launcher, SIGSTOP);
    for (int walk = 0; walk < KILLING_WALKS; walk++) apus_signal_descendants(launcher, SIGKILL);
    kill(launcher, SIGKILL);
}
