#define _GNU_SOURCE
#include "internal.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>

/// Processes found so far; the walk appends the children of each to the end.
struct process_list {
    pid_t *ids;
    pid_t *parents;
    size_t count;
    size_t capacity;
};

static void append(struct process_list *list, pid_t id, pid_t parent) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 64;
        pid_t *ids = realloc(list->ids, capacity * sizeof *ids);
        if (ids == NULL) return;  // the caller walks again
        list->ids = ids;
        pid_t *parents = realloc(list->parents, capacity * sizeof *parents);
        if (parents == NULL) return;
        list->parents = parents;
        list->capacity = capacity;
    }
    list->ids[list->count] = id;
    list->parents[list->count++] = parent;
}

static void append_children_of_thread(struct process_list *list, pid_t process, const char *thread) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task/%.16s/children", (int)process, thread);
    FILE *file = fopen(path, "re");
    if (file == NULL) return;
    int child;
    while (fscanf(file, "%d", &child) == 1) append(list, child, process);
    fclose(file);
}

/// A child belongs to the thread that forked it, so every thread is asked.
static void append_children(struct process_list *list, pid_t process) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *threads = opendir(path);
    if (threads == NULL) return;
    struct dirent *entry;
    while ((entry = readdir(threads)) != NULL)
        if (entry->d_name[0] != '.') append_children_of_thread(list, process, entry->d_name);
    closedir(threads);
}

struct status {
    char state;  // such as Z for a zombie; 0: there is no such process
    pid_t parent;
};

static struct status status_of(pid_t process) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct status status = {0};
    if (descriptor < 0) return status;
    ssize_t count = read(descriptor, text, sizeof text - 1);
    close(descriptor);
    text[count > 0 ? count : 0] = 0;
    // "pid (name) state ppid …": the name may hold anything, parentheses too.
    char *end_of_name = strrchr(text, ')');
    char state;
    int parent;
    if (end_of_name != NULL && sscanf(end_of_name + 1, " %c %d", &state, &parent) == 2)
        status = (struct status){.state = state, .parent = parent};
    return status;
}

char apus_state_of(pid_t process) {
    return apus_has_own_proc() ? status_of(process).state : 0;
}

/// An own child keeps its id until it is reaped here. The id of a deeper one may already belong to a stranger, so the
/// signal goes through a pidfd whose process is known to have its parent in the tree (or to have come to its root
/// meanwhile).
static bool signal_process(pid_t process, pid_t parent, pid_t ancestor, int signal_number) {
    if (parent == getpid()) return kill(process, signal_number) == 0;
#if defined(SYS_pidfd_open) && defined(SYS_pidfd_send_signal)
    int descriptor = (int)syscall(SYS_pidfd_open, process, 0);
    if (descriptor >= 0) {
        struct status status = status_of(process);
        bool ours = (status.parent == parent || status.parent == ancestor) && status.state != 0 && status.state != 'Z';
        bool sent = ours && syscall(SYS_pidfd_send_signal, descriptor, signal_number, NULL, 0) == 0;
        close(descriptor);
        return sent;
    }
    if (errno != ENOSYS) return false;
#endif
    struct status status = status_of(process);
    bool ours = status.parent == parent && status.state != 0 && status.state != 'Z';
    return ours && kill(process, signal_number) == 0;
}

int apus_signal_descendants(pid_t ancestor, int signal_number) {
    struct process_list list = {0};
    int reached = 0;
    if (!apus_has_own_proc()) return 0;
    append_children(&list, ancestor);
    // Parents first: a stopped or killed parent starts no more children.
    for (size_t index = 0; index < list.count; index++) {
        if (signal_process(list.ids[index], list.parents[index], ancestor, signal_number)) reached++;
        append_children(&list, list.ids[index]);
    }
    free(list.ids);
    free(list.parents);
    return reached;
}

#else

char apus_state_of(pid_t process) {
    (void)process;
    return 0;
}

int apus_signal_descendants(pid_t ancestor, int signal_number) {
    (void)ancestor, (void)signal_number;
    return 0;  // no children file and no subreaper: the process group has to do
}

#endif
