#define _GNU_SOURCE
#include "room.h"

#ifdef __linux__

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static int limit_processes(const struct apus_room *room) {
    if (room->processes == 0) return 0;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NPROC, &limit) != 0) return errno;
    if (limit.rlim_max > room->processes) limit.rlim_max = room->processes;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NPROC, &limit) == 0 ? 0 : errno;
}

/// Nothing that is executed can give this back: not by file capabilities, nor by a set-user-ID bit.
static void drop_capabilities(void) {
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    // Until the kernel knows no more of them.
    for (unsigned long capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; capability++) {}
}

int apus_room_become_function(const struct apus_room *room, bool is_inside_group) {
    int error = apus_groups_join(is_inside_group);
    if (error == 0) error = limit_processes(room);
    if (error != 0) return error;
    drop_capabilities();
    // In a user namespace this process has no other user.
    if (!room->has_user_namespace
        && (setgroups(0, NULL) != 0 || setresgid(room->user.group, room->user.group, room->user.group) != 0
            || setresuid(room->user.user, room->user.user, room->user.user) != 0))
        return errno;
    // The change of user has cleared it.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    return apus_room_filter();
}

#endif
