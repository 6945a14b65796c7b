#define _GNU_SOURCE
#include "crash_capture.h"

#ifdef __linux__

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#if defined(__x86_64__)

static void translate(const struct user_regs_struct *from, struct apus_crash_registers *to) {
    *to = (struct apus_crash_registers){
        .program_counter = from->rip, .stack_pointer = from->rsp, .frame_pointer = from->rbp};
}

#elif defined(__aarch64__)

static void translate(const struct user_regs_struct *from, struct apus_crash_registers *to) {
    *to = (struct apus_crash_registers){.program_counter = from->pc,
                                        .stack_pointer = from->sp,
                                        .frame_pointer = from->regs[29],
                                        .link = from->regs[30]};
}

#endif

bool apus_crash_registers_of(pid_t thread, struct apus_crash_registers *registers) {
#ifdef APUS_CRASH_NATIVE
    struct user_regs_struct raw;
    struct iovec place = {.iov_base = &raw, .iov_len = sizeof raw};
    if (ptrace(PTRACE_GETREGSET, thread, (void *)NT_PRSTATUS, &place) != 0) return false;
    if (place.iov_len != sizeof raw) return false;  // the kernel hands out the smaller set of a 32-bit program
    translate(&raw, registers);
    return true;
#else
    (void)thread, (void)registers;
    return false;
#endif
}

#endif
