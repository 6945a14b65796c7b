#ifndef APUS_CRASH_MESSAGE_H
#define APUS_CRASH_MESSAGE_H

#include <stdint.h>

/// What was seen of a process at the moment when a signal ended it, as it travels from the launcher to Apus: a struct
/// apus_launcher_message of the kind APUS_MESSAGE_CRASHED, whose value is the number of payload bytes that follow it at
/// once. The payload, without padding between its parts and in the machine's byte order:
///
///     struct apus_crash_header
///     struct apus_crash_frame × frame_count
///     module_count times: struct apus_crash_module, then path_length bytes of its path
///     executable_length bytes of the program's path, emulated_model_length bytes of the CPU model's name
///
/// Paths and names carry no terminating NUL and may hold any other bytes: they are the function's.
enum {
    APUS_CRASH_CODE_BYTES = 32,
    APUS_CRASH_FRAMES = 32,
    APUS_CRASH_MODULES = 32,
    /// Message and payload together are at most PIPE_BUF of Linux, 4,096 bytes: the kernel writes them whole or not at
    /// all, whoever else writes. What does not fit is left out (modules and frames, the outermost first).
    APUS_CRASH_PAYLOAD_LIMIT = 4096 - 32,
    /// No module: the number in apus_crash_header.module and apus_crash_frame.module.
    APUS_CRASH_NO_MODULE = 0xFF,
};

enum {
    APUS_CRASH_HAS_SIGNAL_CODE = 1,
    APUS_CRASH_HAS_FAULT_ADDRESS = 2,
    APUS_CRASH_IS_MAIN_PROCESS = 4,
};

enum {
    APUS_CRASH_X86_64 = 1,
    APUS_CRASH_ARM64 = 2,
};

struct apus_crash_header {
    int32_t signal;        // Linux's number
    int32_t signal_code;   // si_code, with APUS_CRASH_HAS_SIGNAL_CODE
    int32_t process;       // the thread group's id
    uint32_t flags;        // APUS_CRASH_HAS_…, APUS_CRASH_IS_…
    uint64_t fault_address;  // si_addr, with APUS_CRASH_HAS_FAULT_ADDRESS
    uint64_t program_counter;
    uint64_t stack_pointer;
    uint8_t architecture;  // of the program, not of its emulator
    uint8_t code_count;    // how many of `code` are valid
    uint8_t module;        // at the program counter
    uint8_t frame_count;
    uint8_t module_count;
    uint8_t reserved;
    uint16_t executable_length;
    uint16_t emulated_model_length;  // 0: ran natively
    uint16_t reserved2;
    uint32_t reserved3;
    uint8_t code[APUS_CRASH_CODE_BYTES];
};

/// An address that may be a return address; the innermost comes first.
struct apus_crash_frame {
    uint64_t address;
    uint64_t module;  // or APUS_CRASH_NO_MODULE
};

/// A mapped file. Address in the ELF file = address in memory - load_bias.
struct apus_crash_module {
    uint64_t load_bias;
    uint64_t path_length;
};

#endif
