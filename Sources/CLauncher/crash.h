#ifndef APUS_CLAUNCHER_CRASH_H
#define APUS_CLAUNCHER_CRASH_H

#include "internal.h"

#include <limits.h>

/// The facts of one crash while they are gathered. See apus_crash_header for the fields' meaning.
struct apus_crash {
    int signal;
    int signal_code;
    uint32_t flags;
    pid_t process;
    uint64_t fault_address;
    uint64_t program_counter;
    uint64_t stack_pointer;
    uint8_t architecture;
    uint8_t code_count;
    uint8_t code[APUS_CRASH_CODE_BYTES];
    char executable[PATH_MAX];
    char emulated_model[64];
    uint8_t module;  // index in modules, or APUS_CRASH_NO_MODULE
    uint8_t module_count;
    struct {
        uint64_t load_bias;
        char path[PATH_MAX];
    } modules[APUS_CRASH_MODULES];
    uint8_t frame_count;
    struct {
        uint64_t address;
        uint8_t module;
    } frames[APUS_CRASH_FRAMES];
};

/// An empty one: no module, nothing known.
void apus_crash_begin(struct apus_crash *crash);

/// The index of a module with this path and bias, added where it is new; APUS_CRASH_NO_MODULE when there is no room.
uint8_t apus_crash_add_module(struct apus_crash *crash, const char *path, uint64_t load_bias);

/// Drops nothing that it does not have to: false when there is no room for another frame.
bool apus_crash_add_frame(struct apus_crash *crash, uint64_t address, uint8_t module);

/// Writes the message into `buffer`, which holds sizeof(struct apus_launcher_message) + APUS_CRASH_PAYLOAD_LIMIT bytes.
/// Returns its whole size.
size_t apus_crash_encode(const struct apus_crash *crash, unsigned char *buffer);

/// Sends it on the status pipe, unless this launcher has sent APUS_CRASH_REPORTS of them already: a bound for programs
/// that crash again and again, whose later crashes say nothing new. Alone, so many fit into the pipe; with other
/// messages between large ones, which each begin a page of their own, eight can fill it. The launcher then waits until
/// Apus reads, which it always does, or is gone.
void apus_crash_report(const struct apus_crash *crash);

enum { APUS_CRASH_REPORTS = 15 };

/// Whether apus_crash_report would still send one.
bool apus_crash_reports_left(void);

#endif
