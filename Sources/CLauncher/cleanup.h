#ifndef APUS_CLAUNCHER_CLEANUP_H
#define APUS_CLAUNCHER_CLEANUP_H

// The command that removes what would outlive the children: the container of an engine whose client the main child is.
// It runs while a child that still runs lives: a client that is killed while it starts a container leaves pieces that
// nothing removes, and a client whose container is removed ends by itself.

#include "internal.h"

/// `program` is NULL where nothing has to be cleaned up.
void apus_cleanup_begin(const struct apus_program *program);

/// Whether there is such a command.
bool apus_cleanup_exists(void);

/// To be asked again and again while the environment ends: whether everything that is left may be killed now. Starts the
/// command as often as is needed.
bool apus_cleanup_allows_kill(bool children_run, bool has_descendants);

/// The same, when nothing is left: whether the launcher may end.
bool apus_cleanup_is_over(void);

#endif
