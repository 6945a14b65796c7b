#define _GNU_SOURCE
#include "emulation.h"

#ifdef __linux__

// When its program dies of a signal, qemu-user asks for the core limit, writes a core of the program unless that is 0,
// says so on standard error and kills itself with the signal. The launcher answers "unlimited", takes the beginning of
// the core (registers, auxiliary vector) out of the calls instead of letting it reach a file, then fails the writing,
// which qemu takes as "no core" and says nothing. Nothing waits, nothing is written, a healthy program pays nothing,
// and it works for forked children and threads too, which the gdb stub of qemu does not follow.

#include "emulation_registers.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    MAXIMUM_DYING = 64,          // at once; of more the oldest die without facts
    CORE_DESCRIPTOR = 0x41505500,  // a number that no open file has
    MAXIMUM_NOTES = 1024 * 1024,
    MAXIMUM_CALLS = 1 << 18,     // about three for each mapping of the program
    HEADER_SIZE = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
};

struct dying {
    pid_t thread;                // 0: this place is free
    bool inside_call;            // the next stop is at its end
    unsigned calls;
    uint64_t position;           // in the core
    unsigned char header[HEADER_SIZE];
    unsigned char *notes;
    uint64_t notes_offset, notes_size;  // 0 until the header is whole
    bool is_reported;
};

static struct dying dying[MAXIMUM_DYING];

static struct {
    pid_t thread;
    int code;
    uint64_t address;
} last_fault;

static struct dying *find(pid_t thread) {
    for (int index = 0; index < MAXIMUM_DYING; index++)
        if (dying[index].thread == thread) return &dying[index];
    return NULL;
}

bool apus_emulation_is_dying(pid_t thread) {
    return find(thread) != NULL;
}

void apus_emulation_note_fault(pid_t thread) {
    siginfo_t information;
    if (ptrace(PTRACE_GETSIGINFO, thread, 0, &information) != 0 || information.si_code <= 0) return;
    last_fault.thread = thread;
    last_fault.code = information.si_code;
    last_fault.address = (uint64_t)(uintptr_t)information.si_addr;
}

// MARK: The beginning

/// While its program runs, qemu never blocks SIGSEGV and SIGBUS, whatever the program asks for; while it handles a
/// signal it blocks both. So this tells its own question for the limit from the program's.
static bool handles_signal(pid_t thread) {
    uint64_t mask = 0;
    if (ptrace(PTRACE_GETSIGMASK, thread, (void *)sizeof mask, &mask) != 0) return false;
    uint64_t both = 1ULL << (SIGSEGV - 1) | 1ULL << (SIGBUS - 1);
    return (mask & both) == both;
}

/// Answers getrlimit or prlimit64 with "unlimited".
static void answer_limit(pid_t thread, apus_registers *registers) {
    int index = apus_call_number(registers) == SYS_prlimit64 ? 3 : 1;
    struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)thread);
    int memory = open(path, O_WRONLY | O_CLOEXEC);
    off_t address = (off_t)apus_call_argument(registers, index);
    bool written = memory >= 0 && pwrite(memory, &unlimited, sizeof unlimited, address) == sizeof unlimited;
    if (memory >= 0) close(memory);
    apus_answer_call(thread, registers, written ? 0 : -EFAULT);
}

bool apus_emulation_begins_to_die(pid_t thread) {
    apus_registers registers;
    if (!handles_signal(thread) || !apus_get_registers(thread, &registers)) return false;
    static unsigned oldest;
    struct dying *state = find(thread);
    if (state == NULL) state = find(0);
    if (state == NULL) state = &dying[oldest++ % MAXIMUM_DYING];  // killed meanwhile, perhaps
    free(state->notes);
    memset(state, 0, sizeof *state);
    state->thread = thread;
    state->inside_call = true;
    answer_limit(thread, &registers);
    return true;
}

void apus_emulation_forget_dying(pid_t thread) {
    struct dying *state = find(thread);
    if (state == NULL || thread == 0) return;
    free(state->notes);
    memset(state, 0, sizeof *state);
}

// MARK: The core

/// The part of `size` bytes at `position` of the core that lies in the window [start, start + length).
static void copy_window(int memory, uint64_t address, uint64_t position, uint64_t size, uint64_t start, uint64_t length,
                        unsigned char *window) {
    uint64_t first = position > start ? position : start;
    uint64_t end = position + size < start + length ? position + size : start + length;
    if (first >= end) return;
    // What cannot be read stays zero and makes no sense later.
    ssize_t ignored = pread(memory, window + (first - start), end - first, (off_t)(address + (first - position)));
    (void)ignored;
}

/// The notes are the first segment. False when this is no such core.
static bool find_notes(struct dying *state) {
    Elf64_Ehdr header;
    Elf64_Phdr segment;
    memcpy(&header, state->header, sizeof header);
    memcpy(&segment, state->header + sizeof header, sizeof segment);
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_phoff != sizeof header) return false;
    if (segment.p_type != PT_NOTE || segment.p_filesz == 0 || segment.p_filesz > MAXIMUM_NOTES) return false;
    if (segment.p_offset < HEADER_SIZE || segment.p_offset > UINT32_MAX) return false;
    state->notes = calloc(1, segment.p_filesz);
    state->notes_offset = segment.p_offset;
    state->notes_size = segment.p_filesz;
    return state->notes != NULL;
}

static uint64_t padded(uint64_t size) {
    return (size + 3) & ~(uint64_t)3;
}

/// The thread that got the signal is the one whose status names a signal; older versions put it first, and the others'
/// is 0.
static void read_notes(const struct dying *state, struct apus_emulated_crash *crash) {
    uint64_t offset = 0;
    Elf64_Nhdr note;
    while (offset + sizeof note <= state->notes_size) {
        memcpy(&note, state->notes + offset, sizeof note);
        uint64_t content = offset + sizeof note + padded(note.n_namesz);
        uint64_t end = content + padded(note.n_descsz);
        if (end > state->notes_size) return;
        const unsigned char *bytes = state->notes + content;
        enum { REGISTERS = 112 };  // pr_reg of the 64-bit struct elf_prstatus
        if (note.n_type == NT_PRSTATUS && note.n_descsz > REGISTERS && crash->registers == NULL) {
            int32_t number;
            memcpy(&number, bytes, sizeof number);
            if (number != 0) {
                crash->signal_number = number;
                crash->registers = bytes + REGISTERS;
                crash->registers_size = note.n_descsz - REGISTERS;
            }
        } else if (note.n_type == NT_AUXV) {
            crash->auxiliary = bytes;
            crash->auxiliary_size = note.n_descsz;
        }
        offset = end;
    }
}

static void report(const struct apus_emulation *emulation, struct dying *state) {
    struct apus_emulated_crash crash = {.thread = state->thread};
    state->is_reported = true;
    read_notes(state, &crash);
    // The emulator writes a core for SIGQUIT too, which is no crash.
    if (crash.registers == NULL || crash.signal_number == SIGQUIT) return;
    if (last_fault.thread == state->thread && (crash.signal_number == SIGSEGV || crash.signal_number == SIGBUS)) {
        crash.has_fault = true;
        crash.fault_code = last_fault.code;
        crash.fault_address = last_fault.address;
    }
    apus_emulation_report_crash(emulation, &crash);
}

/// What the write of a piece of the core answers: its size, or ENOSPC as soon as all is known.
static int64_t take_piece(const struct apus_emulation *emulation, struct dying *state, uint64_t address,
                          uint64_t size) {
    char path[64];
    if (state->is_reported || size > INT32_MAX) return -ENOSPC;
    snprintf(path, sizeof path, "/proc/%d/mem", (int)state->thread);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    if (memory < 0) return -ENOSPC;

    uint64_t position = state->position;
    state->position += size;
    copy_window(memory, address, position, size, 0, HEADER_SIZE, state->header);
    bool is_usable = state->position < HEADER_SIZE || state->notes != NULL || find_notes(state);
    if (state->notes != NULL)
        copy_window(memory, address, position, size, state->notes_offset, state->notes_size, state->notes);
    close(memory);
    if (!is_usable) state->is_reported = true;  // nothing to report
    if (state->notes != NULL && state->position >= state->notes_offset + state->notes_size) report(emulation, state);
    return state->is_reported ? -ENOSPC : (int64_t)size;
}

// MARK: Calls of a dying thread

static bool opens_core(const apus_registers *registers) {
    long number = apus_call_number(registers);
    int flags = O_RDONLY;
    if (number == SYS_openat) flags = (int)apus_call_argument(registers, 2);
#ifdef SYS_open
    if (number == SYS_open) flags = (int)apus_call_argument(registers, 1);
#endif
    return (flags & (O_ACCMODE | O_CREAT)) == (O_WRONLY | O_CREAT);
}

/// Returns false for the call that ends the process.
static bool begin_call(const struct apus_emulation *emulation, struct dying *state) {
    apus_registers registers;
    pid_t thread = state->thread;
    if (++state->calls > MAXIMUM_CALLS || !apus_get_registers(thread, &registers)) return false;
    long number = apus_call_number(&registers);
    uint64_t first = apus_call_argument(&registers, 0), second = apus_call_argument(&registers, 1);
    uint64_t third = apus_call_argument(&registers, 2);
    bool is_core = (int)first == CORE_DESCRIPTOR;

    if (number == SYS_kill || number == SYS_tgkill || number == SYS_tkill || number == SYS_exit_group) return false;
    if (opens_core(&registers)) {
        apus_answer_call(thread, &registers, CORE_DESCRIPTOR);
    } else if (number == SYS_write && is_core) {
        apus_answer_call(thread, &registers, take_piece(emulation, state, second, third));
    } else if (number == SYS_lseek && is_core) {
        apus_answer_call(thread, &registers, (int64_t)state->position);
    } else if (number == SYS_close && is_core) {
        apus_answer_call(thread, &registers, 0);
    } else if (number == SYS_write && (int)first == 2) {
        // The emulator's own words: the program says nothing more.
        apus_answer_call(thread, &registers, (int64_t)third);
    } else if (number == SYS_prlimit64 && second == RLIMIT_CORE && third == 0) {
        answer_limit(thread, &registers);
#ifdef SYS_getrlimit
    } else if (number == SYS_getrlimit && first == RLIMIT_CORE) {
        answer_limit(thread, &registers);
#endif
    }
    return true;
}

bool apus_emulation_dying_call(const struct apus_emulation *emulation, pid_t thread) {
    struct dying *state = find(thread);
    if (state == NULL || thread == 0) return false;
    state->inside_call = !state->inside_call;
    if (!state->inside_call || begin_call(emulation, state)) return true;
    apus_emulation_forget_dying(thread);
    return false;
}

#endif
