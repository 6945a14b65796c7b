#define _GNU_SOURCE
#include "internal.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

/// close_range (Linux 5.9) or, where the kernel lacks it, one by one: other threads of the parent may have opened
/// descriptors without close-on-exec.
static void close_from(int first) {
#if defined(__linux__) && defined(SYS_close_range)
    if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
#endif
    struct rlimit limit;
    int end = 65536;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < (rlim_t)end) end = (int)limit.rlim_cur;
    for (int descriptor = first; descriptor < end; descriptor++) close(descriptor);
}

void apus_detach(const char *name, int first_closed) {
    close_from(first_closed);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    umask(022);
#ifdef __linux__
    prctl(PR_SET_NAME, name, 0, 0, 0);  // else process lists would show "exe"
#else
    (void)name;
#endif
}
