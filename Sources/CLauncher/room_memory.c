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
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

// A tmpfs is charged to the control group of whoever writes to it, but what lies in /tmp is no memory of a function, nor
// are the files that the kernel keeps in its cache. So the group's own limit is the last line, far out, and the figures
// are looked at before that. Version 2 tells when (memory.high): its mark is set to where the processes' own memory can
// reach its limit at the earliest. Version 1 has such an event as well, but to ask for it takes 10 ms each time
// (synchronize_rcu): its usage is read again and again instead. Where there is no group, the processes are looked at.

enum {
    LEAST_STEP = 1 << 20,  // bytes; the kernel counts in batches
    PATIENCE_WITH_THE_DYING = 100,  // looks
    // How long until the next look, in ns: version 1 reads one small file, without a group all processes are looked at.
    SHORTEST_READ = 5 * 1000 * 1000,
    SHORTEST_LOOK = 5 * 1000 * 1000,
    LONGEST_SLEEP = 100 * 1000 * 1000,  // version 2's, where the mark has been moved out
    BYTES_PER_NS = 8,  // nobody takes memory faster, so what is left tells how soon it can be used up
};

static struct {
    const struct apus_room *room;
    int event;      // version 2: memory.events
    int usage;      // version 1: memory.usage_in_bytes
    uint64_t mark;  // the group's usage up to which nothing can be wrong
    uint64_t left;  // what may be taken since the last look, without a group's events
    uint64_t kernel_kills;
    pid_t dying;
    int looks_at_dying;
} memory = {.event = -1, .usage = -1};

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
    if (memory.usage < 0) {
        if (!read_group("memory.current", text, sizeof text)) return 0;
        return strtoull(text, NULL, 10);
    }
    ssize_t count = pread(memory.usage, text, sizeof text - 1, 0);
    text[count > 0 ? count : 0] = 0;
    return strtoull(text, NULL, 10);
}

/// What of the group's usage is no memory of the function: files in /tmp, and what the kernel gives back before anybody has
/// to die for it, which is its cache of files and of their names, and pages that have been let go of (MADV_FREE).
static uint64_t group_besides(void) {
    char text[8192];
    bool is_first = memory.room->memory_kind == APUS_MEMORY_GROUP_1;
    if (!read_group("memory.stat", text, sizeof text)) return scratch_used();
    uint64_t shared = value_in(text, is_first ? "\ntotal_shmem " : "\nshmem ");
    uint64_t cached = value_in(text, is_first ? "\ntotal_cache " : "\nfile ");
    // What has been let go of stands among the files' pages, but is none; files that are locked are, and do not stand there.
    uint64_t listed = value_in(text, is_first ? "\ntotal_inactive_file " : "\ninactive_file ")
        + value_in(text, is_first ? "\ntotal_active_file " : "\nactive_file ");
    uint64_t files = cached > shared ? cached - shared : 0;
    // What lay in /tmp before the environment was reset was charged to a group that is gone.
    uint64_t scratch = scratch_used();
    return (scratch < shared ? scratch : shared) + (listed > files ? listed : files)
        + (is_first ? 0 : value_in(text, "\nslab_reclaimable "));
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
struct holding {
    uint64_t own;
    uint64_t shared;  // with whom, nobody says; only of who has much of it, for it costs a second file
};

static struct holding holding_of(pid_t process) {
    char text[4096];
    unsigned long long resident, shared;
    struct holding holding = {0};
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    if (!read_process(process, "statm", text, sizeof text)) return holding;
    if (sscanf(text, "%*u %llu %llu", &resident, &shared) != 2 || resident < shared) return holding;
    holding.own = (resident - shared) * page;
    if (shared * page < memory.room->memory_bytes / 4) return holding;
    if (read_process(process, "status", text, sizeof text)) holding.shared = value_in(text, "\nRssShmem:\t") * 1024;
    return holding;
}

/// What a process may write to of its own, whether it has done so or not: data and stack.
static uint64_t wanted_bytes(pid_t process) {
    char text[4096];
    if (!read_process(process, "status", text, sizeof text)) return 0;
    return (value_in(text, "\nVmData:\t") + value_in(text, "\nVmStk:\t")) * 1024;
}

struct sum {
    uint64_t bytes;
    uint64_t shared;  // the most of one process: they may all share it
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
        struct holding holding = holding_of(process);
        sum.bytes += holding.own;
        if (holding.shared > sum.shared) sum.shared = holding.shared;
        if (sum.largest != 0 && holding.own + holding.shared <= most) continue;
        most = holding.own + holding.shared;
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
    if (memory.usage < 0 && memory.event < 0) return;
    uint64_t kills = count_kernel_kills();
    if (kills > memory.kernel_kills) report(child, 0, 0);  // too late to look at it
    memory.kernel_kills = kills;
}

// MARK: The group's mark

static void set_mark(uint64_t bytes) {
    char text[32];
    snprintf(text, sizeof text, "%llu", (unsigned long long)bytes);
    if (memory.room->memory_kind == APUS_MEMORY_GROUP_2
        && apus_group_write(memory.room->memory_group, "memory.high", text) != 0)
        return;
    memory.mark = bytes;
}

static void look_at_group(void) {
    uint64_t usage = group_usage(), besides = group_besides();
    uint64_t held = usage > besides ? usage - besides : 0;
    if (held > memory.room->memory_bytes) return kill_largest(held);
    uint64_t left = memory.room->memory_bytes - held;
    uint64_t mark = usage + (left > LEAST_STEP ? left : LEAST_STEP);
    uint64_t distance = mark > memory.mark ? mark - memory.mark : memory.mark - mark;
    if (distance >= LEAST_STEP || usage >= memory.mark) set_mark(mark);
}

// MARK: Watching

/// Version 2's file is ready again only when it has been read.
static void read_events(void) {
    char ignored[512];
    ssize_t count = pread(memory.event, ignored, sizeof ignored, 0);
    (void)count;
}

static int begin_with_group(void) {
    int group = memory.room->memory_group;
    bool is_first = memory.room->memory_kind == APUS_MEMORY_GROUP_1;
    int file = apus_group_open(group, is_first ? "memory.usage_in_bytes" : "memory.events", O_RDONLY);
    if (file < 0) return -file;
    *(is_first ? &memory.usage : &memory.event) = file;
    if (!is_first) read_events();
    set_mark(memory.room->memory_bytes);
    return memory.mark == memory.room->memory_bytes ? 0 : EIO;
}

int apus_memory_begin(const struct apus_room *room) {
    memory.room = room;
    switch (room->memory_kind) {
    case APUS_MEMORY_GROUP_1: case APUS_MEMORY_GROUP_2: return begin_with_group();
    case APUS_MEMORY_WATCH: case APUS_MEMORY_UNLIMITED: return 0;
    }
    return EINVAL;
}

static long sleep_of(long shortest) {
    uint64_t sleep = memory.left / BYTES_PER_NS;
    return sleep < (uint64_t)shortest ? shortest : sleep > LONGEST_SLEEP ? LONGEST_SLEEP : (long)sleep;
}

/// How long the launcher may sleep, in ns; 0: as long as it likes.
static long longest_sleep(void) {
    switch (memory.room->memory_kind) {
    case APUS_MEMORY_WATCH: return sleep_of(SHORTEST_LOOK);
    case APUS_MEMORY_GROUP_1: return sleep_of(SHORTEST_READ);
    case APUS_MEMORY_GROUP_2:
        return memory.mark > memory.room->memory_bytes + LEAST_STEP ? LONGEST_SLEEP : 0;
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
    add_descriptor(memory.event, exceptional, last);
    sleep = (struct timespec){.tv_nsec = longest_sleep()};
    if (sleep.tv_nsec > 0 && *timeout == NULL && !is_frozen) *timeout = &sleep;
}

static bool contains(const fd_set *set, int descriptor) {
    return descriptor >= 0 && descriptor < FD_SETSIZE && FD_ISSET(descriptor, set);
}

static void look_at_all(void) {
    struct sum sum = look_at_processes();
    uint64_t held = sum.bytes;
    // Files in /tmp may be mapped.
    if (sum.shared > 0) {
        uint64_t scratch = scratch_used();
        if (sum.shared > scratch) held += sum.shared - scratch;
    }
    memory.left = held < memory.room->memory_bytes ? memory.room->memory_bytes - held : 0;
    if (held > memory.room->memory_bytes) kill_largest(held);
}

/// A mark that has been moved out may have to come back, for files may have been removed; that needs not be seen at once.
static void read_usage(void) {
    static unsigned reads;
    bool is_moved = memory.mark > memory.room->memory_bytes + LEAST_STEP;
    uint64_t usage = group_usage();
    if (usage >= memory.mark || (is_moved && ++reads % 8 == 0)) {
        look_at_group();
        usage = group_usage();
    }
    memory.left = memory.mark > usage ? memory.mark - usage : 0;
}

/// Whether so much time has passed since the last look. Other news may come all the time, and each of them ends a sleep.
static bool is_due(void) {
    static long long last;
    struct timespec time;
    long sleep = longest_sleep();
    clock_gettime(CLOCK_MONOTONIC, &time);
    long long now = (long long)time.tv_sec * 1000000000 + time.tv_nsec;
    if (sleep == 0 || now - last < sleep) return false;
    last = now;
    return true;
}

static void look_when_due(void) {
    switch (memory.room->memory_kind) {
    case APUS_MEMORY_WATCH: return look_at_all();
    case APUS_MEMORY_GROUP_1: return read_usage();
    case APUS_MEMORY_GROUP_2: return look_at_group();
    case APUS_MEMORY_UNLIMITED: return;
    }
}

void apus_room_look(const fd_set *readable, const fd_set *exceptional) {
    if (memory.room == NULL) return;
    if (contains(readable, apus_strict_abi_descriptor())) apus_strict_abi_answer();
    if (contains(exceptional, memory.event)) {
        read_events();
        look_at_group();
    } else if (is_due()) {
        look_when_due();
    }
}

#endif
