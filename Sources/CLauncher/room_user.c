#define _GNU_SOURCE
#include "room.h"

#ifdef __linux__

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
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

static int close_these(unsigned first, unsigned last) {
    return first > last || syscall(SYS_close_range, first, last, 0) == 0 ? 0 : errno;
}

static int close_all_but(unsigned lower, unsigned higher) {
    int error = close_these(3, lower - 1);
    if (error == 0) error = close_these(lower + 1, higher - 1);
    return error == 0 ? close_these(higher + 1, ~0U) : error;
}

/// The launcher's address space is one of the caller's user namespace, for which its rights do not count: a process may be
/// traced if its users are the tracer's and it has not forbidden it. That is for all of the room's processes to use.
int apus_room_open_to_tracer(int kept, int also_kept) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    bool is_ordered = kept < also_kept;
    int error = close_all_but((unsigned)(is_ordered ? kept : also_kept), (unsigned)(is_ordered ? also_kept : kept));
    if (error != 0) return error;
    if (syscall(SYS_capset, &header, none) != 0 || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) return errno;
    return 0;
}

#endif
