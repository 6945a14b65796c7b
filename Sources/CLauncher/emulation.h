#ifndef APUS_CLAUNCHER_EMULATION_H
#define APUS_CLAUNCHER_EMULATION_H

// Running an environment on an emulated CPU (qemu-user). A program that qemu executes would run natively, so the
// launcher traces every process of the environment, a seccomp filter stops each of them at execve, and the launcher
// puts the emulator in front of the program (or of the interpreter of a script). A process whose tracer is gone cannot
// execute anything any more (the filter then answers ENOSYS), so nothing runs natively by accident.

#include "internal.h"

#include <limits.h>
#include <stdint.h>

enum { APUS_MAXIMUM_GUARDED = 16 };

/// What to emulate, from the launcher's entries.
struct apus_emulation {
    const char *emulator;   // absolute path
    const char *cpu;        // for its option -cpu
    const char *model;      // the name in crash facts
    const char *prefix;     // for its option -L, or NULL
    uint16_t machine;       // e_machine of the programs to emulate
    const char *guarded[APUS_MAXIMUM_GUARDED];  // directories whose programs never run natively
    int guarded_count;
};

/// Takes one entry, without the character in front; the pointers point into it. False when it means nothing.
bool apus_emulation_entry(struct apus_emulation *emulation, const char *entry);

/// Whether nothing that is needed was left out.
bool apus_emulation_is_complete(const struct apus_emulation *emulation);

/// Traces all processes of the environment for this emulation, of which there is one in a launcher. NULL where this
/// system has no such means.
const struct apus_tracer *apus_emulation_tracer(const struct apus_emulation *emulation);

/// In a child, traced already, right before it executes the program: installs the filter, for good. Returns 0 or
/// an errno.
int apus_emulation_filter(void);

#ifdef __linux__

enum { APUS_MAXIMUM_SCRIPT_ARGUMENTS = 16 };

/// What execve of a file has to become.
struct apus_exec_target {
    int error;                       // not 0: what execve has to answer
    bool native;                     // the file runs as it is
    char program[PATH_MAX];          // the ELF file for the emulator
    char *first_argument;            // argv[0] if not the caller's own (scripts); points into `words`
    char *script_arguments[APUS_MAXIMUM_SCRIPT_ARGUMENTS];  // before the caller's argv[1]; point into `words`
    int script_argument_count;
    char words[8 * PATH_MAX];
    size_t words_used;
};

/// Reads the file and the interpreters of scripts as execve would in that process. `directory` is a descriptor of the
/// process or AT_FDCWD, `path` what it gave.
void apus_exec_resolve(const struct apus_emulation *emulation, pid_t process, int directory, const char *path,
                       bool follow_symbolic_link, struct apus_exec_target *target);

/// Answers execve and execveat of a thread that stopped there.
void apus_emulation_rewrite_exec(const struct apus_emulation *emulation, pid_t thread);

/// The path of the program that an emulator process runs, from its command line. False when it is no such process.
bool apus_emulated_program(const struct apus_emulation *emulation, pid_t process, char *program, size_t size);

/// A thread that stopped at getrlimit(RLIMIT_CORE). True if its emulator is about to die of a signal of the program;
/// from then on every system call of the thread has to stop.
bool apus_emulation_begins_to_die(pid_t thread);

bool apus_emulation_is_dying(pid_t thread);

/// A stop of a thread at the beginning or end of a system call. False when the thread needs no more such stops.
bool apus_emulation_dying_call(const struct apus_emulation *emulation, pid_t thread);

/// Forgets a dying thread.
void apus_emulation_forget_dying(pid_t thread);

/// A thread that stopped for SIGSEGV or SIGBUS of this machine, which may come from a fault of the program.
void apus_emulation_note_fault(pid_t thread);

/// What a core of the emulator says about the thread that crashed.
struct apus_emulated_crash {
    pid_t thread;
    int signal_number;
    const unsigned char *registers;  // pr_reg of NT_PRSTATUS
    size_t registers_size;
    const unsigned char *auxiliary;  // NT_AUXV
    size_t auxiliary_size;
    bool has_fault;
    int fault_code;                  // si_code
    uint64_t fault_address;          // of the host
};

/// Sends the facts of a crash.
void apus_emulation_report_crash(const struct apus_emulation *emulation, const struct apus_emulated_crash *crash);

#endif

#endif
