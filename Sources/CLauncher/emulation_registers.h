#ifndef APUS_CLAUNCHER_EMULATION_REGISTERS_H
#define APUS_CLAUNCHER_EMULATION_REGISTERS_H

// The registers of a system call of a traced thread, on the architectures that Apus runs on. All functions return false
// when the thread is gone.

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/user.h>

#if defined(__x86_64__)

typedef struct user_regs_struct apus_registers;

static inline long apus_call_number(const apus_registers *registers) { return (long)registers->orig_rax; }
static inline uint64_t apus_call_result(const apus_registers *registers) { return registers->rax; }
static inline uint64_t apus_stack_pointer(const apus_registers *registers) { return registers->rsp; }

static inline uint64_t apus_call_argument(const apus_registers *registers, int index) {
    switch (index) {
    case 0: return registers->rdi;
    case 1: return registers->rsi;
    case 2: return registers->rdx;
    case 3: return registers->r10;
    default: return registers->r8;
    }
}

static inline void apus_set_call(apus_registers *registers, long number, uint64_t a, uint64_t b, uint64_t c) {
    registers->orig_rax = (unsigned long long)number;
    registers->rdi = a;
    registers->rsi = b;
    registers->rdx = c;
}

static inline void apus_set_result(apus_registers *registers, int64_t result) {
    registers->rax = (unsigned long long)result;
}

#elif defined(__aarch64__)

typedef struct user_regs_struct apus_registers;

static inline long apus_call_number(const apus_registers *registers) { return (long)registers->regs[8]; }
static inline uint64_t apus_stack_pointer(const apus_registers *registers) { return registers->sp; }

static inline uint64_t apus_call_argument(const apus_registers *registers, int index) {
    return registers->regs[index];
}

static inline void apus_set_call(apus_registers *registers, long number, uint64_t a, uint64_t b, uint64_t c) {
    registers->regs[8] = (unsigned long long)number;
    registers->regs[0] = a;
    registers->regs[1] = b;
    registers->regs[2] = c;
}

static inline void apus_set_result(apus_registers *registers, int64_t result) {
    registers->regs[0] = (unsigned long long)result;
}

#endif

static inline bool apus_get_registers(pid_t thread, apus_registers *registers) {
    struct iovec area = {registers, sizeof *registers};
    return ptrace(PTRACE_GETREGSET, thread, (void *)(uintptr_t)NT_PRSTATUS, &area) == 0;
}

static inline bool apus_set_registers(pid_t thread, apus_registers *registers) {
    struct iovec area = {registers, sizeof *registers};
    return ptrace(PTRACE_SETREGSET, thread, (void *)(uintptr_t)NT_PRSTATUS, &area) == 0;
}

/// The number of the call is a register of its own on arm64, which the kernel reads instead of x8.
static inline bool apus_set_call_number(pid_t thread, long number) {
#ifdef __aarch64__
    int value = (int)number;
    struct iovec area = {&value, sizeof value};
    return ptrace(PTRACE_SETREGSET, thread, (void *)(uintptr_t)NT_ARM_SYSTEM_CALL, &area) == 0;
#else
    (void)thread;
    (void)number;
    return true;
#endif
}

/// Makes the thread, stopped before the call, skip it and get this result.
static inline bool apus_answer_call(pid_t thread, apus_registers *registers, int64_t result) {
    apus_registers changed = *registers;
#ifdef __x86_64__
    changed.orig_rax = (unsigned long long)-1;
#endif
    apus_set_result(&changed, result);
    return apus_set_registers(thread, &changed) && apus_set_call_number(thread, -1);
}

#endif
