#define _GNU_SOURCE
#include "room.h"
#include "room_abi.h"

#ifdef __linux__

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int listener = -1;

#ifdef __x86_64__

/// A filter alone could only send SIGSYS. This one asks the launcher, which sends what is seen on Lambda.
static struct sock_filter program[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_I386, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

/// SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV of Linux 5.19: once the launcher has taken the call, the signal waits for its
/// answer. Without it a signal that is caught interrupts the call, which is then made again.
enum { WAITS_FOR_ANSWER = 1 << 5 };

static int listen_with(unsigned flags) {
    struct sock_fprog description = {.len = sizeof program / sizeof program[0], .filter = program};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags | SECCOMP_FILTER_FLAG_NEW_LISTENER, &description);
}

int apus_strict_abi_begin(void) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    listener = listen_with(WAITS_FOR_ANSWER);
    if (listener < 0 && errno == EINVAL) listener = listen_with(0);
    if (listener < 0) return errno;
    fcntl(listener, F_SETFD, FD_CLOEXEC);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    return 0;
}

#else

int apus_strict_abi_begin(void) {
    return 0;  // no other architecture has an ABI like that
}

#endif

int apus_strict_abi_descriptor(void) {
    return listener;
}

void apus_strict_abi_answer(void) {
    struct seccomp_notif call;
    memset(&call, 0, sizeof call);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) return;
    // Delivered when the call returns, so that the program counter is behind the instruction.
    syscall(SYS_tkill, (pid_t)call.pid, SIGSEGV);
    struct seccomp_notif_resp answer = {.id = call.id, .error = -EFAULT};
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

#endif
