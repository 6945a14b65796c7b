#define _GNU_SOURCE
#include "room.h"

#ifdef __linux__

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct apus_room *own_room;
static bool is_outside;  // the process that stays behind

const struct apus_room *apus_own_room(void) {
    return own_room;
}

void apus_room_fail(int step, int error) {
    if (is_outside) apus_groups_remove();
    struct apus_launcher_message message = {.kind = APUS_MESSAGE_ROOM_FAILED, .child = step, .value = error};
    ssize_t ignored = write(APUS_STATUS_DESCRIPTOR, &message, sizeof message);
    (void)ignored;
    _exit(0);
}

// MARK: Outside

static bool write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool is_written = write(file, text, strlen(text)) == (ssize_t)strlen(text);
    int error = errno;
    close(file);
    errno = error;
    return is_written;
}

/// In a user namespace the caller may do all this without being root: what it gets is power over the room alone.
static void enter_user_namespace(const struct apus_room *room) {
    char users[64], groups[64];
    if (unshare(CLONE_NEWUSER) != 0) apus_room_fail(APUS_ROOM_STEP_NAMESPACES, errno);
    snprintf(users, sizeof users, "%u %u 1", (unsigned)room->user.user, (unsigned)room->outer_user.user);
    snprintf(groups, sizeof groups, "%u %u 1", (unsigned)room->user.group, (unsigned)room->outer_user.group);
    // A map of groups is for who cannot leave any of them.
    if (!write_file("/proc/self/setgroups", "deny") || !write_file("/proc/self/uid_map", users)
        || !write_file("/proc/self/gid_map", groups))
        apus_room_fail(APUS_ROOM_STEP_USER, errno);
}

static void enter_existing(const struct apus_room *room) {
    bool is_inside = !room->has_user_namespace || setns(APUS_USER_NAMESPACE_DESCRIPTOR, CLONE_NEWUSER) == 0;
    // Paths lead into the room from here on.
    if (!is_inside || setns(APUS_MOUNT_NAMESPACE_DESCRIPTOR, CLONE_NEWNS) != 0)
        apus_room_fail(APUS_ROOM_STEP_NAMESPACES, errno);
    if (room->has_user_namespace) close(APUS_USER_NAMESPACE_DESCRIPTOR);
    close(APUS_MOUNT_NAMESPACE_DESCRIPTOR);
}

static void leave_namespaces(const struct apus_room *room) {
    if (room->exists) enter_existing(room);
    else if (room->has_user_namespace) enter_user_namespace(room);
    int flags = CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
    if (!room->exists) flags |= CLONE_NEWNS;
    if (room->has_network) flags |= CLONE_NEWNET;
    if (unshare(flags) != 0) apus_room_fail(APUS_ROOM_STEP_NAMESPACES, errno);
}

/// The status pipe stays open till the end, so that its end of file means that nothing is left of the room.
static void stay_outside(pid_t first, bool has_extensions) __attribute__((noreturn));
static void stay_outside(pid_t first, bool has_extensions) {
    dup2(0, 1);
    dup2(0, 2);
    close(APUS_CONTROL_DESCRIPTOR);
    if (has_extensions) close(APUS_EXTENSION_OUTPUT_DESCRIPTOR);
    // The end of the first process is the end of all.
    while (waitpid(first, NULL, 0) < 0 && errno == EINTR) {}
    apus_groups_remove();
    _exit(0);
}

// MARK: Inside

/// The processes of an earlier time have ended, and /proc with them. A new one may be mounted only while an old one is
/// to be seen.
static void renew_proc(const struct apus_room *room) {
    static const char spare[] = "/mnt";
    int error = apus_room_mount_processes(room, spare);
    if (error != 0) apus_room_fail(APUS_ROOM_STEP_PROC, error);
    if (umount2("/proc", MNT_DETACH) != 0 || mount(spare, "/proc", NULL, MS_MOVE, NULL) != 0)
        apus_room_fail(APUS_ROOM_STEP_PROC, errno);
}

/// What standard input was opened on is this machine's own device, which its owner could change through it.
static void renew_input(void) {
    int input = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (input < 0) return;
    dup2(input, 0);
    close(input);
}

/// The function may open its output by name (/dev/stderr), for which it has to own it.
static void give_output_away(const struct apus_room *room, bool has_extensions) {
    if (room->has_user_namespace) return;
    for (int output = 1; output <= 2; output++)
        if (fchown(output, room->user.user, room->user.group) != 0) return;
    // Otherwise the number is anybody's.
    if (!has_extensions) return;
    int ignored = fchown(APUS_EXTENSION_OUTPUT_DESCRIPTOR, room->user.user, room->user.group);
    (void)ignored;
}

static bool send_namespace(const char *path, unsigned char kind) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    bool is_sent = descriptor >= 0 && apus_send_descriptor(descriptor, kind);
    if (descriptor >= 0) close(descriptor);
    return is_sent;
}

static void announce(const struct apus_room *room, int listener) {
    bool is_sent = room->exists || send_namespace("/proc/self/ns/mnt", APUS_ROOM_SENDS_MOUNTS);
    if (!room->exists && room->has_user_namespace && is_sent)
        is_sent = send_namespace("/proc/self/ns/user", APUS_ROOM_SENDS_USER);
    if (listener >= 0 && is_sent) is_sent = apus_send_descriptor(listener, APUS_ROOM_SENDS_LISTENER);
    if (listener >= 0) close(listener);
    if (!is_sent) apus_room_fail(APUS_ROOM_STEP_NETWORK, errno);
    apus_report(APUS_MESSAGE_ROOM_READY, 0, 0, NULL);
}

static void settle_inside(const struct apus_room *room, bool has_extensions) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (room->exists) renew_proc(room);
    else apus_room_build(room);
    renew_input();
    if (room->hostname != NULL && sethostname(room->hostname, strlen(room->hostname)) != 0)
        apus_room_fail(APUS_ROOM_STEP_NAMESPACES, errno);
    int listener = room->has_network ? apus_room_listen(room) : -1;
    if (room->has_network && listener < 0) apus_room_fail(APUS_ROOM_STEP_NETWORK, -listener);
    if (!room->has_network) apus_room_scope();
    int error = room->strict_abi ? apus_strict_abi_begin() : 0;
    if (error != 0) apus_room_fail(APUS_ROOM_STEP_ABI, error);
    error = apus_memory_begin(room);
    if (error != 0) apus_room_fail(APUS_ROOM_STEP_MEMORY, error);
    give_output_away(room, has_extensions);
    announce(room, listener);
    // What this process was started with (paths of this machine) is not for the function.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void apus_room_enter(const struct apus_room *room, bool has_extensions) {
    is_outside = true;
    apus_groups_make(room);
    leave_namespaces(room);
    pid_t first = fork();
    if (first < 0) apus_room_fail(APUS_ROOM_STEP_NAMESPACES, errno);
    if (first > 0) stay_outside(first, has_extensions);
    is_outside = false;
    own_room = room;
    settle_inside(room, has_extensions);
}

#endif
