#define _GNU_SOURCE
#include "emulation.h"
#include "internal.h"
#include "room.h"
#include "tracing.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
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

/// What a child and the launcher have between fork and exec.
struct start {
    const struct apus_launch *launch;
    int number;
    pid_t launcher;
    bool is_inside_group;
    int report[2];  // pipe: the child's errno; closed by a successful exec
    int gate[2];    // sockets, where there is a tracer: the child waits until the launcher has closed its own, the second
};

/// In a user namespace the launcher may trace only who has nothing any more that a function must not have. Anywhere else
/// the child is attached before it does anything.
static bool is_traced_late(const struct apus_launch *launch) {
    return launch->tracer != NULL && launch->room != NULL && launch->room->has_user_namespace;
}

/// The child's side of being attached.
static void wait_for_tracer(const struct start *start) {
    char ignored;
    while (read(start->gate[0], &ignored, 1) < 0 && errno == EINTR) {}
    close(start->gate[0]);
}

static int be_traced_late(const struct start *start) {
    int error = apus_room_open_to_tracer(start->report[1], start->gate[0]);
    if (error != 0) return error;
    if (write(start->gate[0], "", 1) != 1) return errno;  // SIGPIPE is blocked
    wait_for_tracer(start);
    return 0;
}

/// Between fork and exec; returns the errno of what failed.
static int become_child(const struct start *start) {
    const struct apus_launch *launch = start->launch;
    const struct apus_program *program = &launch->programs[start->number];
    if (setpgid(0, 0) != 0) return errno;
#ifdef __linux__
    // If the launcher is killed the child dies with it; if that happened already, its parent is another one.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return errno;
#endif
    if (getppid() != start->launcher) return ECHILD;
    if (!take_output(start->number)) return errno;
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_NOFILE, DESCRIPTOR_LIMIT);
    if (chdir(program->directory) != 0) return errno;
    if (launch->room != NULL) {
        int error = apus_room_become_function(launch->room, start->is_inside_group);
        if (error == 0 && is_traced_late(launch)) error = be_traced_late(start);
        if (error != 0) return error;
    }
    sigset_t none;
    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) != 0) return errno;
    if (launch->emulation != NULL && apus_emulation_filter() != 0) return APUS_EMULATION_NOT_PERMITTED;
    return execute(program);
}

static bool set_close_on_exec(const int ends[2]) {
    return fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0;
}

static bool open_channels(struct start *start) {
    if (pipe(start->report) != 0) return false;
    if (start->launch->tracer != NULL && socketpair(AF_UNIX, SOCK_STREAM, 0, start->gate) != 0) return false;
    return set_close_on_exec(start->report) && (start->launch->tracer == NULL || set_close_on_exec(start->gate));
}

static void close_both(const int ends[2]) {
    for (int index = 0; index < 2; index++)
        if (ends[index] >= 0) close(ends[index]);
}

static void run_child(const struct start *start) __attribute__((noreturn));
static void run_child(const struct start *start) {
    if (start->launch->tracer != NULL) close(start->gate[1]);
    if (start->launch->tracer != NULL && !is_traced_late(start->launch)) wait_for_tracer(start);
    int error = become_child(start);
    ssize_t ignored = write(start->report[1], &error, sizeof error);
    (void)ignored;
    _exit(127);
}

/// Not for ever: another process of the room could have stopped the child.
static bool waits_for_tracer(const struct start *start) {
    char ignored;
    if (!is_traced_late(start->launch)) return true;
    struct pollfd news = {.fd = start->gate[1], .events = POLLIN};
    return poll(&news, 1, 1000) == 1 && read(start->gate[1], &ignored, 1) == 1;
}

/// The launcher's side. Attached before exec, so that no descendant is missed. False when the child must not run; it
/// has been killed then, before it could.
static bool attach_tracer(const struct start *start, pid_t pid) {
    close(start->gate[0]);
#ifdef __linux__
    bool attached = waits_for_tracer(start) && apus_trace(pid, start->launch->tracer);
#else
    bool attached = waits_for_tracer(start) && false;
#endif
    bool may_run = attached || !start->launch->must_be_traced;
    if (!may_run) kill(pid, SIGKILL);
    close(start->gate[1]);
    return may_run;
}

static pid_t fork_child(struct start *start) {
    // Not vfork: the kernel counts the memory of the address space that exec leaves as the child's own peak, and with
    // vfork that is all of the launcher's (3.4 MB against 1.4 MB with fork, which takes 0.2 ms longer).
    return start->launch->room != NULL ? apus_groups_fork(&start->is_inside_group) : fork();
}

pid_t apus_start_child(const struct apus_launch *launch, int number, int *failure) {
    if (launch->must_be_traced && launch->tracer == NULL) return -APUS_EMULATION_NOT_PERMITTED;
    struct start start = {
        .launch = launch, .number = number, .launcher = getpid(), .report = {-1, -1}, .gate = {-1, -1}};
    pid_t pid = open_channels(&start) ? fork_child(&start) : -1;
    if (pid == 0) run_child(&start);
    int error = errno;
    if (pid < 0) {
        close_both(start.report);
        close_both(start.gate);
        return -error;
    }
    setpgid(pid, pid);  // here too, so that the group can be signalled from now on
    close(start.report[1]);
    if (launch->tracer != NULL && !attach_tracer(&start, pid)) {
        close(start.report[0]);
        return -APUS_EMULATION_NOT_PERMITTED;  // its zombie is left to whoever reaps orphans
    }
    fcntl(start.report[0], F_SETFL, O_NONBLOCK);
    *failure = start.report[0];
    return pid;
}
