#define _GNU_SOURCE
#include "emulation.h"

#include <errno.h>

#ifdef __linux__

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE_AUDIT_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_AUDIT_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef NATIVE_AUDIT_ARCHITECTURE

#define LOAD_AT(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offset))
#define LOAD(field) LOAD_AT(offsetof(struct seccomp_data, field))
#define LOAD_LOW(index) LOAD_AT(offsetof(struct seccomp_data, args) + 8 * (index))
#define LOAD_HIGH(index) LOAD_AT(offsetof(struct seccomp_data, args) + 8 * (index) + 4)
#define IF_EQUAL(value, then_skip, else_skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (then_skip), (else_skip))
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, (value))

/// Both architectures are little-endian, so the lower half of an argument comes first. The numbers behind a condition
/// are the instructions to skip.
static const struct sock_filter program[] = {
    LOAD(arch),
    IF_EQUAL(NATIVE_AUDIT_ARCHITECTURE, 1, 0),
    ANSWER(SECCOMP_RET_ERRNO | ENOSYS),  // the calls of the 32-bit ABI have other numbers, and an execve of their own
    LOAD(nr),
#ifdef __x86_64__
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 2),
    IF_EQUAL((uint32_t)-1, 1, 0),        // a call that the launcher has answered
    ANSWER(SECCOMP_RET_ERRNO | ENOSYS),  // the calls of the x32 ABI
#endif
    IF_EQUAL(SYS_execve, 0, 1),
    ANSWER(SECCOMP_RET_TRACE),
    IF_EQUAL(SYS_execveat, 0, 1),
    ANSWER(SECCOMP_RET_TRACE),

    // getrlimit(RLIMIT_CORE), in either form: what the emulator asks when its program dies.
#ifdef SYS_getrlimit
    IF_EQUAL(SYS_getrlimit, 0, 4),
    LOAD_LOW(0),
    IF_EQUAL(RLIMIT_CORE, 0, 1),
    ANSWER(SECCOMP_RET_TRACE),
    ANSWER(SECCOMP_RET_ALLOW),
#endif
    IF_EQUAL(SYS_prlimit64, 0, 7),
    LOAD_LOW(1),
    IF_EQUAL(RLIMIT_CORE, 0, 5),
    LOAD_LOW(2),
    IF_EQUAL(0, 0, 3),
    LOAD_HIGH(2),
    IF_EQUAL(0, 0, 1),
    ANSWER(SECCOMP_RET_TRACE),
    ANSWER(SECCOMP_RET_ALLOW),
};

static int install(unsigned flags) {
    struct sock_fprog description = {
        .len = sizeof program / sizeof program[0],
        .filter = (struct sock_filter *)program,
    };
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &description) == 0 ? 0 : errno;
}

int apus_emulation_filter(void) {
#ifdef SECCOMP_FILTER_FLAG_SPEC_ALLOW
    // The filter is no protection from the program, so the program need not pay for mitigations.
    unsigned flags = SECCOMP_FILTER_FLAG_SPEC_ALLOW;
#else
    unsigned flags = 0;
#endif
    // root needs no such promise, and a function that runs as root may want to start set-user-ID programs.
    int error = install(flags);
    if (error == EINVAL) error = install(flags = 0);  // Linux before 4.17 does not know the flag
    if (error != EACCES) return error;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? install(flags) : errno;
}

#endif

#endif

#ifndef NATIVE_AUDIT_ARCHITECTURE

int apus_emulation_filter(void) {
    return ENOSYS;
}

#endif
