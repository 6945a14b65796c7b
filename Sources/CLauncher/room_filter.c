#define _GNU_SOURCE
#include "room.h"

#ifdef __linux__

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

// The calls that this function denies need rights that it has lost, with three exceptions: new namespaces, in which it
// would have them again; the kernel's keys, which are the caller's own; and doors into the kernel (bpf, perf, userfaultfd).

enum { LENGTH = 192 };

/// CLONE_NEW…, all but that of time, which clone cannot make.
enum { NEW_NAMESPACES = 0x7E020000 };

#define FIRST_ARGUMENT (offsetof(struct seccomp_data, args))

struct filter {
    struct sock_filter code[LENGTH];
    unsigned short length;
};

static void add(struct filter *filter, uint16_t operation, uint32_t value, uint8_t then_skip, uint8_t else_skip) {
    if (filter->length < LENGTH)
        filter->code[filter->length++] = (struct sock_filter)BPF_JUMP(operation, value, then_skip, else_skip);
}

static void load(struct filter *filter, size_t offset) {
    add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void answer(struct filter *filter, uint32_t value) {
    add(filter, BPF_RET | BPF_K, value, 0, 0);
}

static void deny(struct filter *filter, uint32_t number, int error) {
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
    answer(filter, SECCOMP_RET_ERRNO | (uint32_t)error);
}

/// For a call whose first argument are flags.
static void deny_namespaces(struct filter *filter, uint32_t number) {
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4);
    load(filter, FIRST_ARGUMENT);
    add(filter, BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1);
    answer(filter, SECCOMP_RET_ERRNO | EPERM);
    answer(filter, SECCOMP_RET_ALLOW);
}

struct numbers {
    uint32_t clone, unshare;
    const uint16_t *denied;
    size_t denied_count;
};

/// Those that every architecture knows by the same number.
static const uint16_t common[] = {428 /* open_tree */, 429 /* move_mount */, 430 /* fsopen */, 431 /* fsconfig */,
                                  432 /* fsmount */, 433 /* fspick */, 442 /* mount_setattr */};
enum { CLONE_3 = 435 };

static void add_rules(struct filter *filter, const struct numbers *numbers) {
    deny_namespaces(filter, numbers->clone);
    deny_namespaces(filter, numbers->unshare);
    // Its flags lie in memory, out of a filter's sight. Libraries fall back to clone.
    deny(filter, CLONE_3, ENOSYS);
    for (size_t index = 0; index < numbers->denied_count; index++) deny(filter, numbers->denied[index], EPERM);
    for (size_t index = 0; index < sizeof common / sizeof common[0]; index++) deny(filter, common[index], EPERM);
    answer(filter, SECCOMP_RET_ALLOW);
}

static const uint16_t denied[] = {
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_add_key, SYS_request_key, SYS_keyctl, SYS_bpf,
    SYS_perf_event_open, SYS_userfaultfd, SYS_open_by_handle_at, SYS_kexec_load, SYS_init_module, SYS_finit_module,
    SYS_delete_module, SYS_swapon, SYS_swapoff, SYS_reboot, SYS_acct, SYS_quotactl, SYS_syslog,
};

#ifdef __x86_64__
/// mount, umount, umount2, pivot_root, chroot, setns, add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd,
/// open_by_handle_at, syslog.
static const uint16_t denied_386[] = {21, 22, 52, 217, 61, 346, 286, 287, 288, 357, 336, 374, 342, 103};
static const struct numbers native = {SYS_clone, SYS_unshare, denied, sizeof denied / sizeof denied[0]};
static const struct numbers x86_32 = {120, 310, denied_386, sizeof denied_386 / sizeof denied_386[0]};

static void write_filter(struct filter *filter) {
    struct filter rules = {0};
    load(&rules, offsetof(struct seccomp_data, nr));
    add_rules(&rules, &x86_32);
    load(filter, offsetof(struct seccomp_data, arch));
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_I386, 0, (uint8_t)rules.length);
    for (unsigned short index = 0; index < rules.length && filter->length < LENGTH; index++)
        filter->code[filter->length++] = rules.code[index];
    load(filter, offsetof(struct seccomp_data, nr));
    // The x32 ABI has the same numbers and one bit more.
    add(filter, BPF_ALU | BPF_AND | BPF_K, ~0x40000000U, 0, 0);
    add_rules(filter, &native);
}
#else
static const struct numbers native = {SYS_clone, SYS_unshare, denied, sizeof denied / sizeof denied[0]};

static void write_filter(struct filter *filter) {
    load(filter, offsetof(struct seccomp_data, nr));
    add_rules(filter, &native);
}
#endif

int apus_room_filter(void) {
    static struct filter filter;
    if (filter.length == 0) write_filter(&filter);
    if (filter.length == LENGTH) return E2BIG;
    struct sock_fprog description = {.len = filter.length, .filter = filter.code};
#ifdef SECCOMP_FILTER_FLAG_SPEC_ALLOW
    // The mitigations are for programs that a filter protects from; this one guards the kernel's doors.
    unsigned flags = SECCOMP_FILTER_FLAG_SPEC_ALLOW;
#else
    unsigned flags = 0;
#endif
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &description) == 0 ? 0 : errno;
}

#endif
