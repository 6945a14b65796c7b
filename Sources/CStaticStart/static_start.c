#include "CStaticStart.h"

#include <stdbool.h>
#include <stdlib.h>

static const char root[] = "SWIFT_ROOT";
static bool root_is_ours;
static char *const *arguments;

/// Before the Swift runtime's own constructors, which have no priority.
#if defined(__GLIBC__) || defined(__APPLE__)
__attribute__((constructor(102))) static void prepare(int count, char *const values[]) {
    if (count > 0) arguments = values;
#else
__attribute__((constructor(102))) static void prepare(void) {
#endif
    if (!getenv(root)) root_is_ours = setenv(root, "/", 0) == 0;
}

void apus_start(void) {
    if (root_is_ours) unsetenv(root);
    root_is_ours = false;
}

char *const *apus_start_arguments(void) { return arguments; }
