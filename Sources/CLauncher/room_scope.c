#define _GNU_SOURCE
#include "room.h"

#ifdef __linux__

#include <sys/syscall.h>
#include <unistd.h>

// Abstract sockets belong to the network, not to the file system: on this machine's network a function could reach those of
// the caller's desktop, which trust whoever has the caller's user (X11, D-Bus). Landlock can keep them apart.

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif

/// struct landlock_ruleset_attr of Linux 6.12, which older headers lack.
struct rules {
    uint64_t files, network, scoped;
};

enum { SCOPE_ABSTRACT_SOCKETS = 1 };

void apus_room_scope(void) {
    struct rules rules = {.scoped = SCOPE_ABSTRACT_SOCKETS};
    int descriptor = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
    if (descriptor < 0) return;
    syscall(SYS_landlock_restrict_self, descriptor, 0);
    close(descriptor);
}

#endif
