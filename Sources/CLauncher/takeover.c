#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *invocation_name(void) {
#ifdef __linux__
    // Set by glibc and musl before constructors run; musl hands no argv to constructors.
    return program_invocation_name ? program_invocation_name : "";
#else
    return getprogname();
#endif
}

static bool is_socket(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode);
}

static bool is_pipe(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode);
}

/// For the person who typed the name, or linked it to the executable.
static void refuse(void) {
    static const char text[] = "this name is used by apus for its own child processes; run apus itself\n";
    ssize_t ignored = write(2, text, sizeof text - 1);
    (void)ignored;
    _exit(64);
}

/// Runs before main, and before the Swift runtime's own constructors where the priority is respected.
__attribute__((constructor(101))) static void take_over(void) {
    const char *name = invocation_name();
    if (strcmp(name, APUS_LAUNCHER_NAME) == 0) {
        if (!is_socket(APUS_CONTROL_DESCRIPTOR) || !is_pipe(APUS_STATUS_DESCRIPTOR)) refuse();
        apus_launcher_main();
    }
    if (strcmp(name, APUS_JANITOR_NAME) == 0) {
        if (!is_socket(APUS_CONTROL_DESCRIPTOR)) refuse();
        apus_janitor_main();
    }
}
