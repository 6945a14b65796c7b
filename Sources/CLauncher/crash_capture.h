#ifndef APUS_CLAUNCHER_CRASH_CAPTURE_H
#define APUS_CLAUNCHER_CRASH_CAPTURE_H

// Looking at a native process that a signal is about to end. Everything read here is the function's: any value may be a
// lie, and each loop has a bound.

#include "crash.h"

#ifdef __linux__

#include <signal.h>
#include <stdint.h>

#if defined(__x86_64__)
#define APUS_CRASH_NATIVE APUS_CRASH_X86_64
#elif defined(__aarch64__)
#define APUS_CRASH_NATIVE APUS_CRASH_ARM64
#endif

struct apus_crash_registers {
    uint64_t program_counter;
    uint64_t stack_pointer;
    uint64_t frame_pointer;
    uint64_t link;  // arm64's x30; 0 on x86-64, where the return address is on the stack
};

/// Of a stopped thread. False for a thread that is gone or runs in 32-bit mode.
bool apus_crash_registers_of(pid_t thread, struct apus_crash_registers *registers);

/// What is mapped into a process, sorted by address.
struct apus_mapping {
    uint64_t start;
    uint64_t end;
    uint64_t file_offset;
    bool is_executable;
    const char *path;  // NULL: no file
};

struct apus_address_space {
    int memory;  // /proc/PID/mem; -1 if it cannot be read
    pid_t process;
    size_t mapping_count;
    const struct apus_mapping *mappings;
};

/// Opens the address space of a stopped thread; one at a time. apus_address_space_close afterwards.
void apus_address_space_open(struct apus_address_space *space, pid_t thread);
void apus_address_space_close(struct apus_address_space *space);

/// How many bytes from an address on could be read.
size_t apus_address_space_read(const struct apus_address_space *space, uint64_t address, void *bytes, size_t count);

/// The mapping at an address, or NULL.
const struct apus_mapping *apus_mapping_at(const struct apus_address_space *space, uint64_t address);

/// What has to be subtracted from addresses in a mapped file to find them in its ELF file.
uint64_t apus_load_bias(const struct apus_address_space *space, const struct apus_mapping *mapping);

/// The mapped file's number in the crash, or APUS_CRASH_NO_MODULE.
uint8_t apus_crash_module_at(struct apus_crash *crash, const struct apus_address_space *space, uint64_t address);

/// Adds what may be return addresses, innermost first.
void apus_crash_walk_stack(struct apus_crash *crash, const struct apus_address_space *space,
                           const struct apus_crash_registers *registers);

/// Whether a signal handler that was called at `fault` still runs, given the stack of its thread now: the kernel's copy
/// of the registers lies on it.
bool apus_crash_handler_runs(const struct apus_address_space *space, uint64_t stack_pointer,
                             const struct apus_crash_registers *fault);

#endif

#endif
