#define _GNU_SOURCE
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

enum {
    // Deeper directories are moved up first, so that a tree of any depth needs few descriptors and little stack.
    MAXIMUM_DEPTH = 24,
    // Processes that still write are being killed at the same time; 500 × 10 ms.
    ATTEMPTS = 500,
};

static dev_t root_device;
static int root_directory;

static bool is_dot(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/// Never through a symbolic link, nor into anything that is mounted there, a bind mount of the same device included.
static int open_below(int parent, const char *name) {
    int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
#if defined(__linux__) && defined(SYS_openat2)
    struct open_how how = {.flags = (uint64_t)flags, .resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS};
    int descriptor = (int)syscall(SYS_openat2, parent, name, &how, sizeof how);
    if (descriptor >= 0 || errno != ENOSYS) return descriptor;
#endif
    return openat(parent, name, flags);
}

/// A directory of this device, made writable. -1 otherwise.
static int open_directory(int parent, const char *name) {
    int descriptor = open_below(parent, name);
    if (descriptor < 0 && errno == EACCES && fchmodat(parent, name, 0700, AT_SYMLINK_NOFOLLOW) == 0)
        descriptor = open_below(parent, name);
    struct stat status;
    if (descriptor >= 0 && (fstat(descriptor, &status) != 0 || status.st_dev != root_device)) {
        close(descriptor);  // something is mounted there: not ours
        return -1;
    }
    if (descriptor >= 0) fchmod(descriptor, 0700);
    return descriptor;
}

/// Gives a directory that lies too deep a new name in the root, where a later round finds it.
static void move_to_root(int parent, const char *name) {
    static unsigned counter;
    char fresh[32];
    snprintf(fresh, sizeof fresh, "apus-deep-%u", counter++);
    renameat(parent, name, root_directory, fresh);
}

static void remove_contents(int directory, int depth);

static void remove_entry(int directory, const char *name, int depth) {
    if (unlinkat(directory, name, 0) == 0) return;
    if (unlinkat(directory, name, AT_REMOVEDIR) == 0) return;
    if (depth >= MAXIMUM_DEPTH) {
        move_to_root(directory, name);
        return;
    }
    int child = open_directory(directory, name);
    if (child < 0) return;
    remove_contents(child, depth + 1);
    unlinkat(directory, name, AT_REMOVEDIR);
}

/// Takes over the descriptor.
static void remove_contents(int directory, int depth) {
    DIR *stream = fdopendir(directory);
    if (stream == NULL) {
        close(directory);
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(stream)) != NULL)
        if (!is_dot(entry->d_name)) remove_entry(dirfd(stream), entry->d_name, depth);
    closedir(stream);
}

/// False for what is not a directory of ours any more, or never was one.
static bool open_root(const char *path) {
    root_directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    if (root_directory < 0 || fstat(root_directory, &status) != 0 || status.st_uid != geteuid()) return false;
    root_device = status.st_dev;
    return true;
}

/// Removing the wrong tree is the one thing that must not happen.
static bool is_acceptable(const char *path) {
    const char *name = strrchr(path, '/');
    return path[0] == '/' && name != NULL && strncmp(name + 1, "apus-", 5) == 0 && strstr(path, "/../") == NULL;
}

static void remove_tree(const char *path) {
    if (!is_acceptable(path) || !open_root(path)) return;
    const struct timespec pause = {.tv_nsec = 10000000};
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        fchmod(root_directory, 0700);
        int again = openat(root_directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (again >= 0) remove_contents(again, 0);
        if (rmdir(path) == 0 || errno == ENOENT) return;
        nanosleep(&pause, NULL);
    }
}

static void wait_for_end(void) {
    char ignored[64];
    for (;;) {
        ssize_t count = read(APUS_CONTROL_DESCRIPTOR, ignored, sizeof ignored);
        if (count == 0 || (count < 0 && errno != EINTR)) return;
    }
}

void apus_janitor_main(void) {
    apus_detach(APUS_JANITOR_NAME, APUS_CONTROL_DESCRIPTOR + 1);
    const char *path = environ[0];
    if (path == NULL || path[0] != APUS_ENTRY_DIRECTORY || chdir("/") != 0) _exit(64);
    wait_for_end();
    remove_tree(path + 1);
    _exit(0);
}
