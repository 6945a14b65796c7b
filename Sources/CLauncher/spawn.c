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
#else
#include <sys/auxv.h>
#endif

static int add_one(posix_spawn_file_actions_t *actions, int descriptor, int number) {
    return descriptor < 0 ? 0 : posix_spawn_file_actions_adddup2(actions, descriptor, number);
}

/// `empty`: what takes the place of /dev/null, or -1.
static int add_descriptors(posix_spawn_file_actions_t *actions, struct apus_spawn_descriptors given, int empty) {
    int error = empty >= 0 ? add_one(actions, empty, 0)
                           : posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDWR, 0);
    for (int standard = 1; error == 0 && standard <= 2; standard++)
        error = add_one(actions, given.output >= 0 ? given.output : 0, standard);
    if (error == 0) error = add_one(actions, given.control, APUS_CONTROL_DESCRIPTOR);
    if (error == 0) error = add_one(actions, given.status, APUS_STATUS_DESCRIPTOR);
    if (error == 0) error = add_one(actions, given.extension_output, APUS_EXTENSION_OUTPUT_DESCRIPTOR);
    if (error == 0) error = add_one(actions, given.user_namespace, APUS_USER_NAMESPACE_DESCRIPTOR);
    if (error == 0) error = add_one(actions, given.mount_namespace, APUS_MOUNT_NAMESPACE_DESCRIPTOR);
    return error;
}

/// An empty root has no /dev/null. The reading end of a pipe that nobody writes to is as empty, and refuses to be
/// written to. Sets `*empty` to it, or to -1 where it is not needed. Returns 0 or an errno.
static int open_empty(int *empty) {
    int ends[2];
    *empty = -1;
    if (access("/dev/null", R_OK | W_OK) == 0) return 0;
    int error = apus_pipe(ends);
    if (error != 0) return error;
    close(ends[1]);
    *empty = ends[0];
    return 0;
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

#ifdef __linux__
/// Without /proc the kernel's note of how this program was started has to do. False when that is no file any more.
static bool find_executed_file(char *path, size_t size) {
    const char *executed = (const char *)getauxval(AT_EXECFN);
    char directory[PATH_MAX] = "";
    if (executed == NULL || executed[0] == 0) return false;
    if (executed[0] != '/' && getcwd(directory, sizeof directory) == NULL) return false;
    int length = snprintf(path, size, executed[0] == '/' ? "%s%s" : "%s/%s", directory, executed);
    return length > 0 && (size_t)length < size && access(path, X_OK) == 0;
}
#endif

/// Fills `own_executable`, and `path` with where that is. False when it cannot be found.
static bool find_own_executable(char path[PATH_MAX]) {
#ifdef __APPLE__
    uint32_t size = sizeof own_executable;
    if (_NSGetExecutablePath(own_executable, &size) != 0) own_executable[0] = 0;
    strlcpy(path, own_executable, PATH_MAX);
    return own_executable[0] != 0;
#else
    // The running file itself, even if another one has taken its place in the file system.
    strcpy(own_executable, "/proc/self/exe");
    ssize_t length = readlink(own_executable, path, PATH_MAX - 1);
    if (length > 0) {
        path[length] = 0;
        return true;
    }
    own_executable[0] = 0;
    if (!find_executed_file(path, PATH_MAX)) return false;
    strcpy(own_executable, path);
    return true;
#endif
}

/// The program apus-launcher beside this executable (a build directory) or in ../libexec/apus (an installation). Where
/// it is in neither place (a lone file in an image) this executable serves as well, only more slowly.
static void find_executables(void) {
    char directory[PATH_MAX];
    if (!find_own_executable(directory)) return;
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

/// Returns 0 and fills `*pid`, or an errno.
static int spawn_with(pid_t *pid, const char *name, struct apus_spawn_descriptors descriptors, int empty,
                      char *const entries[]) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }

    char *const arguments[] = {(char *)name, NULL};
    error = add_descriptors(&actions, descriptors, empty);
    if (error == 0) error = set_attributes(&attributes);
    // glibc and macOS do this without copying the parent's address space.
    if (error == 0) error = spawn_either(pid, &actions, &attributes, arguments, entries);

    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

pid_t apus_spawn_self(const char *name, struct apus_spawn_descriptors descriptors, char *const entries[]) {
    pthread_once(&executables_found, find_executables);
    if (!own_executable[0]) return -ENOENT;
    int empty = -1;
    pid_t pid = 0;
    int error = open_empty(&empty);
    if (error == 0) error = spawn_with(&pid, name, descriptors, empty, entries);
    if (empty >= 0) close(empty);
    return error == 0 ? pid : -error;
}
