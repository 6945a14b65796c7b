#include "internal.h"

#include <sys/resource.h>
#include <unistd.h>

void apus_report(uint32_t kind, int child, int32_t value, const struct rusage *usage) {
    struct apus_launcher_message message = {.kind = kind, .child = child, .value = value};
    if (usage != NULL) {
#ifdef __APPLE__
        message.peak_bytes = (uint64_t)usage->ru_maxrss;
#else
        message.peak_bytes = (uint64_t)usage->ru_maxrss * 1024;
#endif
        message.cpu_microseconds = (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000
            + (uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
    }
    // Signals are blocked: with nobody at the other end this is EPIPE, and nobody to tell.
    ssize_t ignored = write(APUS_STATUS_DESCRIPTOR, &message, sizeof message);
    (void)ignored;
}
