#ifndef APUS_CCPUPROBE_H
#define APUS_CCPUPROBE_H

// What the CPU of this process really executes, found by executing it. CPUID and the kernel's flags are announcements:
// under an emulator or a translator they can promise more than runs.

#include <stddef.h>

/// Bits of one feature's result. Without TRIED there was no time for the instruction, and EXECUTES says nothing.
enum {
    APUS_CPU_EXECUTES = 1,   // one instruction of the feature ran and did what it should
    APUS_CPU_ANNOUNCED = 2,  // CPUID (x86-64), the auxiliary vector (Linux) or sysctl (macOS) says that the CPU has it
    APUS_CPU_TRIED = 4,
};

/// How many features can be probed on this architecture; 0 on one that Apus does not know.
size_t apus_cpu_probe_count(void);

/// The feature's name, that of the case of `CPUFeature`: "avx2", "lse". `index` is below the count.
const char *apus_cpu_probe_name(size_t index);

/// Fills one byte a feature, in the order of the names. The instructions run in a child process, so that neither a
/// fault nor a hang reaches the caller; it takes below a millisecond, two seconds at most. Returns 0, or an errno when
/// no child could be started (the announcements are filled in all the same).
int apus_cpu_probe(unsigned char *results);

#endif
