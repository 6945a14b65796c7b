#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#ifdef __APPLE__
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

static char own_executable[PATH_MAX];
static char small_launcher[PATH_MAX];
static pthread_once_t executables_found = PTHREAD_ONCE_INIT;

/// Fills `small_launcher` if there is such a program at `suffix` from this executable's directory.
static bool find_small_launcher(const char *directory, const char *suffix) {
    int length = snprintf(small_launcher, sizeof small_launcher, "%s/%s", directory, suffix);
    if (length > 0 && (size_t)length < sizeof small_launcher && access(small_launcher, X_OK) == 0) return true;
    small_launcher[0] = 0;
    return false;
}

/// The program apus-launcher beside this executable (a build directory) or in ../libexec/apus (an installation). Where
/// it is in neither place (a lone file in an image) this executable serves as well, only more slowly.
static void find_executables(void) {
    char directory[PATH_MAX];
#ifdef __APPLE__
    uint32_t size = sizeof own_executable;
    if (_NSGetExecutablePath(own_executable, &size) != 0) own_executable[0] = 0;
    strlcpy(directory, own_executable, sizeof directory);
#else
    // The running file itself, even if another one has taken its place in the file system.
    strcpy(own_executable, "/proc/self/exe");
    ssize_t length = readlink("/proc/self/exe", directory, sizeof directory - 1);
    if (length <= 0) return;
    directory[length] = 0;
#endif
    char *slash = strrchr(directory, '/');
    if (!slash) return;
    *slash = 0;
    if (!find_small_launcher(directory, "apus-launcher"))
        find_small_launcher(directory, "../libexec/apus/apus-launcher");
}

static int spawn_either(pid_t *pid, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
                        char *const arguments[], char *const entries[]) {
    if (small_launcher[0]) {
        int error = posix_spawn(pid, small_launcher, actions, attributes, arguments, entries);
        // It has been removed meanwhile, or is for another machine: this executable can do the same.
        if (error != ENOENT && error != EACCES && error != ENOEXEC) return error;
    }
    return posix_spawn(pid, own_executable, actions, attributes, arguments, entries);
}

pid_t apus_spawn_self(const char *name, int control, int status, int output, char *const entries[]) {
    pthread_once(&executables_found, find_executables);
    if (!own_executable[0]) return -ENAMETOOLONG;
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
    if (error == 0) error = spawn_either(&pid, &actions, &attributes, arguments, entries);

    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? pid : -error;
}
