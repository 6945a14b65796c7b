#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>
#ifdef __APPLE__
#include <limits.h>
#include <mach-o/dyld.h>
#endif

static int add_descriptors(posix_spawn_file_actions_t *actions, int control, int status, int output) {
    int error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDWR, 0);
    for (int standard = 1; error == 0 && standard <= 2; standard++)
        error = posix_spawn_file_actions_adddup2(actions, output >= 0 ? output : 0, standard);
    if (error == 0) error = posix_spawn_file_actions_adddup2(actions, control, APUS_CONTROL_DESCRIPTOR);
    if (error == 0 && status >= 0) error = posix_spawn_file_actions_adddup2(actions, status, APUS_STATUS_DESCRIPTOR);
    return error;
}

/// A session of its own from the first instruction on, so that Ctrl-C in a terminal never reaches the new process.
static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t all;
    sigfillset(&all);
    int error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
    return error ? error : posix_spawnattr_setsigmask(attributes, &all);
}

pid_t apus_spawn_self(const char *name, int control, int status, int output, char *const entries[]) {
#ifdef __APPLE__
    char executable[PATH_MAX];
    uint32_t size = sizeof executable;
    if (_NSGetExecutablePath(executable, &size) != 0) return -ENAMETOOLONG;
#else
    // The running file itself, even if another one has taken its place in the file system.
    const char *executable = "/proc/self/exe";
#endif
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return -error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return -error;
    }

    pid_t pid = 0;
    char *const arguments[] = {(char *)name, NULL};
    error = add_descriptors(&actions, control, status, output);
    if (error == 0) error = set_attributes(&attributes);
    // glibc and macOS do this without copying the parent's address space.
    if (error == 0) error = posix_spawn(&pid, executable, &actions, &attributes, arguments, entries);

    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? pid : -error;
}
