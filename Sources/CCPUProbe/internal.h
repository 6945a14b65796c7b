#ifndef APUS_CCPUPROBE_INTERNAL_H
#define APUS_CCPUPROBE_INTERNAL_H

#include <stddef.h>

/// Memory that an instruction may read and write: aligned for the widest of them.
enum { APUS_PROBE_MEMORY = 256 };

/// One feature. `executes` runs an instruction of it and returns whether the result is right; it does not return at
/// all where the instruction faults.
struct apus_probe {
    const char *name;
    int (*executes)(void *memory);
    int (*announced)(void);
};

extern const struct apus_probe apus_probes[];
extern const size_t apus_probes_count;

#endif
