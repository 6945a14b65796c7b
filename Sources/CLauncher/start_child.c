#define _GNU_SOURCE
#include "emulation.h"
#include "internal.h"
#include "room.h"
#include "tracing.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/// Lambda gives a function 1,024 descriptors.
enum { DESCRIPTOR_LIMIT = 1024 };

static void set_limit(int resource, rlim_t wanted) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) return;
    if (limit.rlim_max > wanted) limit.rlim_max = wanted;  // a lower limit of the host stays: it cannot be raised
    limit.rlim_cur = limit.rlim_max;
    setrlimit(resource, &limit);
}

/// A file that was written a moment ago counts as busy as long as any process between fork and exec, started by another
/// thread of the writer, still holds the descriptor.
static int execute(const struct apus_program *program) {
    const struct timespec pause = {.tv_nsec = 5000000};
    for (int attempt = 0; attempt < 20; attempt++) {
        execve(program->executable, program->arguments, program->variables);
        if (errno != ETXTBSY) break;
        nanosleep(&pause, NULL);
    }
    return errno;
}

/// The launcher's own standard output is the main child's.
static bool take_output(int number) {
    if (number == 0) return true;
    return dup2(APUS_EXTENSION_OUTPUT_DESCRIPTOR, 1) == 1 && dup2(APUS_EXTENSION_OUTPUT_DESCRIPTOR, 2) == 2;
}

/// Between fork and exec; returns the errno of what failed.
static int become_child(const struct apus_launch *launch, int number, pid_t launcher, bool is_inside_group) {
    const struct apus_program *program = &launch->programs[number];
    if (setpgid(0, 0) != 0) return errno;
#ifdef __linux__
    // If the launcher is killed the child dies with it; if that happened already, its parent is another one.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return errno;
#endif
    if (getppid() != launcher) return ECHILD;
    if (!take_output(number)) return errno;
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_NOFILE, DESCRIPTOR_LIMIT);
    if (chdir(program->directory) != 0) return errno;
    if (launch->room != NULL) {
        int error = apus_room_become_function(launch->room, is_inside_group);
        if (error != 0) return error;
    }
    sigset_t none;
    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) != 0) return errno;
    if (launch->emulation != NULL && apus_emulation_filter() != 0) return APUS_EMULATION_NOT_PERMITTED;
    return execute(program);
}

static bool open_pipe(int ends[2]) {
    if (pipe(ends) != 0) return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

static void close_both(const int ends[2]) {
    for (int index = 0; index < 2; index++)
        if (ends[index] >= 0) close(ends[index]);
}

/// The child's side of being attached: waits until the launcher has closed its end.
static void wait_for_tracer(const int gate[2]) {
    char ignored;
    close(gate[1]);
    while (read(gate[0], &ignored, 1) < 0 && errno == EINTR) {}
    close(gate[0]);
}

/// The launcher's side. Attached before exec, so that no descendant is missed. False when the child must not run; it
/// has been killed then, before it could.
static bool attach_tracer(const struct apus_launch *launch, pid_t pid, const int gate[2]) {
#ifdef __linux__
    bool attached = apus_trace(pid, launch->tracer);
#else
    bool attached = false;
#endif
    bool may_run = attached || !launch->must_be_traced;
    if (!may_run) kill(pid, SIGKILL);
    close_both(gate);
    return may_run;
}

pid_t apus_start_child(const struct apus_launch *launch, int number, int *failure) {
    if (launch->must_be_traced && launch->tracer == NULL) return -APUS_EMULATION_NOT_PERMITTED;
    // The child writes its errno into the one pipe, which a successful exec closes, and waits for the tracer at the
    // other.
    int report[2] = {-1, -1}, gate[2] = {-1, -1};
    bool is_ready = open_pipe(report) && (launch->tracer == NULL || open_pipe(gate));
    pid_t launcher = getpid();
    // Not vfork: the kernel counts the memory of the address space that exec leaves as the child's own peak, and with
    // vfork that is all of the launcher's (3.4 MB against 1.4 MB with fork, which takes 0.2 ms longer).
    bool is_inside_group = false;
    pid_t pid = !is_ready ? -1 : launch->room != NULL ? apus_groups_fork(&is_inside_group) : fork();
    if (pid == 0) {
        if (launch->tracer != NULL) wait_for_tracer(gate);
        int error = become_child(launch, number, launcher, is_inside_group);
        ssize_t ignored = write(report[1], &error, sizeof error);
        (void)ignored;
        _exit(127);
    }
    int error = errno;
    if (pid < 0) {
        close_both(report);
        close_both(gate);
        return -error;
    }
    setpgid(pid, pid);  // here too, so that the group can be signalled from now on
    close(report[1]);
    if (launch->tracer != NULL && !attach_tracer(launch, pid, gate)) {
        close(report[0]);
        return -APUS_EMULATION_NOT_PERMITTED;  // its zombie is left to whoever reaps orphans
    }
    fcntl(report[0], F_SETFL, O_NONBLOCK);
    *failure = report[0];
    return pid;
}
