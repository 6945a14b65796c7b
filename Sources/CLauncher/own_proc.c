#define _GNU_SOURCE
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__

#include <fcntl.h>

/// The link to the reader's own directory has the number that the reader has there.
static bool is_own_number(void) {
    char text[32];
    ssize_t length = readlink("/proc/self", text, sizeof text - 1);
    if (length <= 0) return false;
    text[length] = 0;
    return strtol(text, NULL, 10) == getpid();
}

/// Two namespaces may have given a process the same number by chance. "NSpid:" lists its numbers from the namespace of
/// /proc inwards: one, if that is the process's own. A kernel that has no such line (before 4.1, gVisor) is believed.
static bool has_one_number(void) {
    char status[4096];
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t count = read(file, status, sizeof status - 1);
    close(file);
    status[count > 0 ? count : 0] = 0;
    const char *numbers = strstr(status, "\nNSpid:\t");
    if (numbers == NULL) return count > 0;
    numbers += strlen("\nNSpid:\t");
    return numbers[strspn(numbers, "0123456789")] == '\n';
}

bool apus_has_own_proc(void) {
    static enum { UNKNOWN, OWN, FOREIGN } answer;
    if (answer == UNKNOWN) answer = is_own_number() && has_one_number() ? OWN : FOREIGN;
    return answer == OWN;
}

#else

bool apus_has_own_proc(void) {
    return false;
}

#endif
