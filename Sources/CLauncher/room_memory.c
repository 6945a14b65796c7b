#define _GNU_SOURCE
#include "children.h"
#include "room.h"
#include "room_abi.h"

#ifdef __linux__

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/statvfs.h>
#include <unistd.h>

// A tmpfs is charged to the control group of whoever writes to it, but what lies in /tmp is no memory of a function. So
// the group's limit follows what is in there: it is raised when it is reached too early, and lowered now and then.
// Version 1 lets processes wait meanwhile (oom_kill_disable), version 2 slows them down (memory.high). Where there is no
// group, the processes are looked at.

enum {
    GROWTH = 8 << 20,       // more than is needed, so that who writes a large file does not wait for every page
    TOLERANCE = 256 << 10,  // the kernel charges in batches
    TIGHTEN_AFTER = 100 * 1000 * 1000,  // ns
    LOOK_AFTER = 20 * 1000 * 1000,
    PATIENCE_WITH_THE_DYING = 100,  // looks
};

static struct {
    const struct apus_room *room;
    int event;         // version 1: an eventfd; version 2: memory.events
    uint64_t limit;    // as it is now
    uint64_t kernel_kills;
    pid_t dying;
    int looks_at_dying;
} memory = {.event = -1};

// MARK: Figures

static uint64_t scratch_used(void) {
    struct statvfs status;
    if (memory.room->scratch == NULL || statvfs(memory.room->scratch, &status) != 0) return 0;
    return (uint64_t)(status.f_blocks - status.f_bfree) * status.f_frsize;
}

static bool read_group(const char *file, char *text, size_t size) {
    int descriptor = apus_group_open(memory.room->memory_group, file, O_RDONLY);
    if (descriptor < 0) return false;
    ssize_t count = read(descriptor, text, size - 1);
    close(descriptor);
    text[count > 0 ? count : 0] = 0;
    return count > 0;
}

static uint64_t value_in(const char *text, const char *label) {
    const char *place = strstr(text, label);
    return place == NULL ? 0 : strtoull(place + strlen(label), NULL, 10);
}

static uint64_t group_usage(void) {
    char text[64];
    bool is_first = memory.room->memory_kind == APUS_MEMORY_GROUP_1;
    if (!read_group(is_first ? "memory.usage_in_bytes" : "memory.current", text, sizeof text)) return 0;
    return strtoull(text, NULL, 10);
}

static uint64_t count_kernel_kills(void) {
    char text[512];
    bool is_first = memory.room->memory_kind == APUS_MEMORY_GROUP_1;
    if (!read_group(is_first ? "memory.oom_control" : "memory.events", text, sizeof text)) return 0;
    return value_in(text, "oom_kill ");
}

static bool read_process(pid_t process, const char *file, char *text, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)process, file);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    ssize_t count = read(descriptor, text, size - 1);
    close(descriptor);
    text[count > 0 ? count : 0] = 0;
    return count > 0;
}

/// Resident memory that no file stands behind, in bytes.
static uint64_t private_bytes(pid_t process) {
    char text[256];
    unsigned long long resident, shared;
    if (!read_process(process, "statm", text, sizeof text)) return 0;
    if (sscanf(text, "%*u %llu %llu", &resident, &shared) != 2 || resident < shared) return 0;
    return (resident - shared) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/// What a process may write to of its own, whether it has done so or not: data and stack.
static uint64_t wanted_bytes(pid_t process) {
    char text[4096];
    if (!read_process(process, "status", text, sizeof text)) return 0;
    return (value_in(text, "\nVmData:\t") + value_in(text, "\nVmStk:\t")) * 1024;
}

struct sum {
    uint64_t bytes;
    pid_t largest;
};

/// Over all processes of the room but this one.
static struct sum look_at_processes(void) {
    struct sum sum = {0};
    uint64_t most = 0;
    DIR *directory = opendir("/proc");
    if (directory == NULL) return sum;
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        pid_t process = (pid_t)strtol(entry->d_name, NULL, 10);
        if (process <= 1) continue;
        uint64_t bytes = private_bytes(process);
        sum.bytes += bytes;
        if (sum.largest != 0 && bytes <= most) continue;
        most = bytes;
        sum.largest = process;
    }
    closedir(directory);
    return sum;
}

// MARK: Killing

static void report(int child, uint64_t held, uint64_t wanted) {
    struct apus_launcher_message message = {
        .kind = APUS_MESSAGE_OUT_OF_MEMORY, .child = child, .peak_bytes = held, .wanted_bytes = wanted};
    ssize_t ignored = write(APUS_STATUS_DESCRIPTOR, &message, sizeof message);
    (void)ignored;
}

/// As the kernel does: the one that holds most.
static void kill_largest(uint64_t held) {
    if (memory.dying != 0 && kill(memory.dying, 0) == 0 && memory.looks_at_dying++ < PATIENCE_WITH_THE_DYING) return;
    pid_t process = look_at_processes().largest;
    if (process == 0) return;
    memory.dying = process;
    memory.looks_at_dying = 0;
    report(apus_children_number_of(process), held, wanted_bytes(process));
    kill(process, SIGKILL);
}

void apus_room_child_killed(int child) {
    if (memory.room == NULL || memory.room->memory_kind == APUS_MEMORY_WATCH || memory.event < 0) return;
    uint64_t kills = count_kernel_kills();
    if (kills > memory.kernel_kills) report(child, memory.room->memory_bytes, 0);
    memory.kernel_kills = kills;
}

// MARK: The group's limit

static bool set_limit(uint64_t bytes) {
    char text[32];
    bool is_first = memory.room->memory_kind == APUS_MEMORY_GROUP_1;
    snprintf(text, sizeof text, "%llu", (unsigned long long)bytes);
    int error = apus_group_write(memory.room->memory_group, is_first ? "memory.limit_in_bytes" : "memory.high", text);
    if (error == 0) memory.limit = bytes;
    return error == 0;
}

static void limit_reached(void) {
    uint64_t scratch = scratch_used(), usage = group_usage();
    uint64_t held = usage > scratch ? usage - scratch : 0;
    if (usage + GROWTH < memory.limit) return;  // somebody has given back what was wanted
    if (held + TOLERANCE < memory.room->memory_bytes) set_limit(memory.room->memory_bytes + scratch + GROWTH);
    else kill_largest(held);
}

/// Files have been removed: what they took is not for the processes.
static void tighten(void) {
    uint64_t scratch = scratch_used();
    uint64_t wanted = memory.room->memory_bytes + (scratch > 0 ? scratch + GROWTH : 0);
    if (wanted + GROWTH > memory.limit && wanted >= memory.room->memory_bytes + GROWTH) return;
    if (!set_limit(wanted)) limit_reached();
}

static void take_event(void) {
    char ignored[512];
    if (memory.room->memory_kind == APUS_MEMORY_GROUP_2) lseek(memory.event, 0, SEEK_SET);
    ssize_t count = read(memory.event, ignored, sizeof ignored);
    (void)count;
    limit_reached();
}

// MARK: Watching

static int begin_first(void) {
    char text[64];
    int group = memory.room->memory_group;
    int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int control = apus_group_open(group, "memory.oom_control", O_RDONLY);
    if (event < 0 || control < 0) return event < 0 ? errno : -control;
    snprintf(text, sizeof text, "%d %d", event, control);
    int error = apus_group_write(group, "cgroup.event_control", text);
    if (error == 0) error = apus_group_write(group, "memory.oom_control", "1");
    close(control);
    memory.event = event;
    return error;
}

static int begin_second(void) {
    int event = apus_group_open(memory.room->memory_group, "memory.events", O_RDONLY);
    if (event < 0) return -event;
    memory.event = event;
    take_event();
    return 0;
}

int apus_memory_begin(const struct apus_room *room) {
    memory.room = room;
    memory.limit = room->memory_bytes;
    switch (room->memory_kind) {
    case APUS_MEMORY_GROUP_1: return begin_first();
    case APUS_MEMORY_GROUP_2: return begin_second();
    case APUS_MEMORY_WATCH: case APUS_MEMORY_UNLIMITED: return 0;
    }
    return EINVAL;
}

/// How long the launcher may sleep, in ns; 0: as long as it likes.
static long longest_sleep(void) {
    switch (memory.room->memory_kind) {
    case APUS_MEMORY_WATCH: return LOOK_AFTER;
    case APUS_MEMORY_GROUP_1: case APUS_MEMORY_GROUP_2:
        return memory.limit > memory.room->memory_bytes ? TIGHTEN_AFTER : 0;
    case APUS_MEMORY_UNLIMITED: return 0;
    }
    return 0;
}

static void add_descriptor(int descriptor, fd_set *set, int *last) {
    if (descriptor < 0 || descriptor >= FD_SETSIZE) return;
    FD_SET(descriptor, set);
    if (descriptor > *last) *last = descriptor;
}

void apus_room_watch(fd_set *readable, fd_set *exceptional, int *last, struct timespec **timeout, bool is_frozen) {
    static struct timespec sleep;
    if (memory.room == NULL) return;
    add_descriptor(apus_strict_abi_descriptor(), readable, last);
    add_descriptor(memory.event, memory.room->memory_kind == APUS_MEMORY_GROUP_2 ? exceptional : readable, last);
    sleep = (struct timespec){.tv_nsec = longest_sleep()};
    if (sleep.tv_nsec > 0 && *timeout == NULL && !is_frozen) *timeout = &sleep;
}

static bool contains(const fd_set *set, int descriptor) {
    return descriptor >= 0 && descriptor < FD_SETSIZE && FD_ISSET(descriptor, set);
}

void apus_room_look(const fd_set *readable, const fd_set *exceptional) {
    if (memory.room == NULL) return;
    if (contains(readable, apus_strict_abi_descriptor())) apus_strict_abi_answer();
    if (memory.room->memory_kind == APUS_MEMORY_WATCH) {
        struct sum sum = look_at_processes();
        if (sum.bytes > memory.room->memory_bytes) kill_largest(sum.bytes);
    } else if (contains(readable, memory.event) || contains(exceptional, memory.event)) {
        take_event();
    } else if (memory.limit > memory.room->memory_bytes) {
        tighten();
    }
}

#endif
