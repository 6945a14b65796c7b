#define _GNU_SOURCE
#include "room.h"

#ifdef __linux__

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/// Kept as descriptors: paths lead into the room soon, where there are no control groups.
static struct {
    int parent;
    int directory;
    const char *name;
    bool is_second;  // of version 2
} groups[APUS_MAXIMUM_GROUPS];
static int group_count;
static const struct apus_room *watched;

int apus_group_open(int group, const char *file, int flags) {
    int descriptor = openat(groups[group].directory, file, flags | O_CLOEXEC);
    return descriptor >= 0 ? descriptor : -errno;
}

int apus_group_write(int group, const char *file, const char *value) {
    int descriptor = apus_group_open(group, file, O_WRONLY);
    if (descriptor < 0) return -descriptor;
    ssize_t count = write(descriptor, value, strlen(value));
    int error = count < 0 ? errno : 0;
    close(descriptor);
    return error;
}

static int open_directory(int parent, const char *path) {
    return openat(parent, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/// The group of version 2; -1: there is none.
static int second_group(void) {
    for (int group = group_count - 1; group >= 0; group--)
        if (groups[group].is_second) return group;
    return -1;
}

/// Returns an errno.
static int make(const char *entry) {
    char parent[4096];
    const char *path = entry + 1;
    const char *slash = strrchr(path, '/');
    size_t length = (size_t)(slash - path);
    if (length == 0 || length >= sizeof parent) return EINVAL;
    // A process is in one group of version 2: it would leave the limits of the first.
    if (entry[0] == APUS_ROOM_GROUP_2 && second_group() >= 0) return EINVAL;
    memcpy(parent, path, length);
    parent[length] = 0;

    int descriptor = open_directory(AT_FDCWD, parent);
    if (descriptor < 0) return errno;
    if (mkdirat(descriptor, slash + 1, 0755) != 0) {
        int error = errno;
        close(descriptor);
        return error;
    }
    groups[group_count].parent = descriptor;
    groups[group_count].name = slash + 1;
    groups[group_count].is_second = entry[0] == APUS_ROOM_GROUP_2;
    groups[group_count++].directory = open_directory(descriptor, slash + 1);
    return groups[group_count - 1].directory < 0 ? errno : 0;
}

static int set(const char *text) {
    char file[64];
    const char *value = strchr(text, '=');
    size_t length = (size_t)(value - text);
    if (length >= sizeof file) return EINVAL;
    memcpy(file, text, length);
    file[length] = 0;
    return apus_group_write(group_count - 1, file, value + 1);
}

void apus_groups_make(const struct apus_room *room) {
    watched = room;
    for (int index = 0; index < room->entry_count; index++) {
        const char *entry = room->entries[index];
        int error = 0;
        if (entry[0] == APUS_ROOM_GROUP_1 || entry[0] == APUS_ROOM_GROUP_2) error = make(entry);
        if (entry[0] == APUS_ROOM_GROUP_VALUE) error = set(entry + 1);
        if (entry[0] == APUS_ROOM_GROUP_WISH) set(entry + 1);
        if (error == 0) continue;
        apus_groups_remove();
        apus_room_fail(index, error);
    }
}

pid_t apus_groups_fork(bool *is_inside) {
#ifdef CLONE_INTO_CGROUP
    int group = second_group();
    if (group >= 0) {
        // To be born in a group is faster than to be moved there, for which the kernel waits for all CPUs.
        struct clone_args arguments = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD};
        arguments.cgroup = (uint64_t)groups[group].directory;
        *is_inside = true;
        pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
        if (pid >= 0) return pid;
    }
#endif
    *is_inside = false;
    return fork();
}

int apus_groups_join(bool is_inside) {
    for (int group = 0; group < group_count; group++) {
        if (is_inside && group == second_group()) continue;
        // Version 1's file of threads does the same for a process that has one, but for a thread that moves itself the
        // kernel waits for nobody (cgroup.procs: 10 ms for a grace period).
        int error = apus_group_write(group, groups[group].is_second ? "cgroup.procs" : "tasks", "0");
        if (error != 0) return error;
    }
    return 0;
}

void apus_groups_remove(void) {
    // A zombie that its parent has just reaped may still count for a moment; 5 s.
    const struct timespec pause = {.tv_nsec = 1000000};
    for (int group = group_count - 1; group >= 0; group--)
        for (int attempt = 0; attempt < 5000; attempt++) {
            if (unlinkat(groups[group].parent, groups[group].name, AT_REMOVEDIR) == 0 || errno != EBUSY) break;
            nanosleep(&pause, NULL);
        }
    group_count = 0;
}

bool apus_room_freeze(bool frozen) {
    if (watched == NULL || watched->freezer_group < 0) return false;
    return apus_group_write(watched->freezer_group, "cgroup.freeze", frozen ? "1" : "0") == 0;
}

#endif
