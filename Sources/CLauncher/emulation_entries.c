#define _GNU_SOURCE
#include "emulation.h"

#include <stdlib.h>

bool apus_emulation_entry(struct apus_emulation *emulation, const char *entry) {
    const char *value = entry[0] ? entry + 1 : entry;
    switch (entry[0]) {
    case APUS_EMULATION_PROGRAM: emulation->emulator = value; return value[0] == '/';
    case APUS_EMULATION_CPU: emulation->cpu = value; return value[0] != 0;
    case APUS_EMULATION_MODEL: emulation->model = value; return value[0] != 0;
    case APUS_EMULATION_PREFIX: emulation->prefix = value; return value[0] == '/';
    case APUS_EMULATION_MACHINE: emulation->machine = (uint16_t)atoi(value); return emulation->machine != 0;
    case APUS_EMULATION_GUARDED:
        if (emulation->guarded_count == APUS_MAXIMUM_GUARDED || value[0] != '/') return false;
        emulation->guarded[emulation->guarded_count++] = value;
        return true;
    default: return false;
    }
}

bool apus_emulation_is_complete(const struct apus_emulation *emulation) {
    return emulation->emulator != NULL && emulation->cpu != NULL && emulation->model != NULL && emulation->machine != 0;
}
