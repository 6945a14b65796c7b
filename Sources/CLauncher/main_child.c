#define _GNU_SOURCE
#include "emulation.h"
#include "internal.h"
#include "tracing.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/// Lambda gives a function 1,024 descriptors.
enum { DESCRIPTOR_LIMIT = 1024 };

static size_t count_entries(void) {
    size_t count = 0;
    while (environ[count] != NULL) count++;
    return count;
}

/// Under an emulator nothing may run untraced: it would run natively.
static void emulate(struct apus_main_child *child, const struct apus_emulation *emulation) {
    child->emulation = emulation;
    child->tracer = apus_emulation_tracer(emulation);
    child->must_be_traced = true;
}

bool apus_read_entries(struct apus_main_child *result) {
    static struct apus_emulation emulation;
    size_t count = count_entries();
    char **arguments = calloc(count + 1, sizeof *arguments);
    char **variables = calloc(count + 1, sizeof *variables);
    if (arguments == NULL || variables == NULL) return false;
    *result = (struct apus_main_child){.arguments = arguments, .variables = variables};

    for (size_t index = 0; index < count; index++) {
        char *text = environ[index];
        switch (text[0]) {
        case APUS_ENTRY_DIRECTORY: result->directory = text + 1; break;
        case APUS_ENTRY_EXECUTABLE: result->executable = text + 1; break;
        case APUS_ENTRY_ARGUMENT: *arguments++ = text + 1; break;
        case APUS_ENTRY_VARIABLE: *variables++ = text + 1; break;
        case APUS_ENTRY_TRACE: result->tracer = apus_crash_tracer(); break;
        case APUS_ENTRY_EMULATION: if (!apus_emulation_entry(&emulation, text + 1)) return false; break;
        default: return false;
        }
    }
    if (apus_emulation_is_complete(&emulation)) emulate(result, &emulation);
    else if (emulation.emulator != NULL) return false;
    return result->directory != NULL && result->executable != NULL && result->arguments[0] != NULL;
}

static void set_limit(int resource, rlim_t wanted) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) return;
    if (limit.rlim_max > wanted) limit.rlim_max = wanted;  // a lower limit of the host stays: it cannot be raised
    limit.rlim_cur = limit.rlim_max;
    setrlimit(resource, &limit);
}

/// A file that was written a moment ago counts as busy as long as any process between fork and exec, started by another
/// thread of the writer, still holds the descriptor.
static int execute(const struct apus_main_child *child) {
    const struct timespec pause = {.tv_nsec = 5000000};
    for (int attempt = 0; attempt < 20; attempt++) {
        execve(child->executable, child->arguments, child->variables);
        if (errno != ETXTBSY) break;
        nanosleep(&pause, NULL);
    }
    return errno;
}

/// Between fork and exec; returns the errno of what failed.
static int become_main_child(const struct apus_main_child *child, pid_t launcher) {
    if (setpgid(0, 0) != 0) return errno;
#ifdef __linux__
    // If the launcher is killed the function dies with it; if that happened already, its parent is another one.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return errno;
#endif
    if (getppid() != launcher) return ECHILD;
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_NOFILE, DESCRIPTOR_LIMIT);
    if (chdir(child->directory) != 0) return errno;
    sigset_t none;
    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) != 0) return errno;
    if (child->emulation != NULL && apus_emulation_filter() != 0) return APUS_EMULATION_NOT_PERMITTED;
    return execute(child);
}

/// The child's side of being attached: waits until the launcher has closed its end.
static void wait_for_tracer(const int gate[2]) {
    char ignored;
    close(gate[1]);
    while (read(gate[0], &ignored, 1) < 0 && errno == EINTR) {}
    close(gate[0]);
}

/// The launcher's side. Attached before exec, so that no descendant is missed. False when the child must not run.
static bool attach_tracer(const struct apus_main_child *child, pid_t pid, const int gate[2]) {
    close(gate[0]);
#ifdef __linux__
    bool attached = pid > 0 && apus_trace(pid, child->tracer);
#else
    bool attached = false;
#endif
    if (!attached && child->must_be_traced && pid > 0) kill(pid, SIGKILL);
    close(gate[1]);
    return attached || !child->must_be_traced;
}

#ifdef __linux__
enum { ANY_CHILD = __WALL };  // traced threads too
#else
enum { ANY_CHILD = 0 };
#endif

/// Looks at one piece of news of the child; `flags` may hold WNOHANG. A sanitizer gives the child a second thread, and
/// neither exec nor the child's end is over before that thread's end has been seen. False when there is no news, or the
/// child has ended, which is left to be reaped.
static bool take_news_before_exec(pid_t pid, int flags) {
    siginfo_t news = {0};
    if (waitid(P_ALL, 0, &news, WEXITED | WNOWAIT | ANY_CHILD | flags) != 0) return errno == EINTR;
    if (news.si_pid == 0) return false;
    if (!apus_is_stop(&news)) {
        if (news.si_pid == pid) return false;
        waitpid(news.si_pid, NULL, ANY_CHILD);
    }
#ifdef __linux__
    else apus_trace_stopped(news.si_pid);
#endif
    return true;
}

/// Until there is something to read, which the child writes or whose end its exec is. A traced child may stop on its
/// way to exec.
static void wait_for_exec(pid_t pid, int descriptor) {
#ifdef __linux__
    sigset_t mask;
    sigfillset(&mask);
    sigdelset(&mask, SIGCHLD);
    struct pollfd request = {.fd = descriptor, .events = POLLIN};
    while (apus_is_tracing() && ppoll(&request, 1, NULL, &mask) < 0 && errno == EINTR)
        while (take_news_before_exec(pid, WNOHANG)) {}
#else
    (void)pid, (void)descriptor;
#endif
}

/// For a child that could not execute.
static void reap_failed_child(pid_t pid) {
    while (take_news_before_exec(pid, 0)) {}
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
}

static void set_close_on_exec(int descriptor) {
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

pid_t apus_start_main_child(const struct apus_main_child *child) {
    // The child writes its errno into this pipe; a successful exec closes it.
    int failure[2];
    if (pipe(failure) != 0) return -errno;
    set_close_on_exec(failure[0]);
    set_close_on_exec(failure[1]);
    set_close_on_exec(APUS_CONTROL_DESCRIPTOR);
    set_close_on_exec(APUS_STATUS_DESCRIPTOR);

    int gate[2];
    if (child->tracer != NULL && pipe(gate) != 0) return -errno;
    pid_t launcher = getpid();
    // Not vfork: the kernel counts the memory of the address space that exec leaves as the child's own peak, and with
    // vfork that is all of the launcher's (3.4 MB against 1.4 MB with fork, which takes 0.2 ms longer).
    pid_t pid = fork();
    if (pid == 0) {
        if (child->tracer != NULL) wait_for_tracer(gate);
        int error = become_main_child(child, launcher);
        ssize_t ignored = write(failure[1], &error, sizeof error);
        (void)ignored;
        _exit(127);
    }
    int fork_error = errno;
    close(failure[1]);
    bool may_run = child->tracer == NULL || attach_tracer(child, pid, gate);

    int error = 0;
    ssize_t count = 0;
    if (pid > 0) {
        wait_for_exec(pid, failure[0]);
        do count = read(failure[0], &error, sizeof error);
        while (count < 0 && errno == EINTR);
    }
    close(failure[0]);
    if (pid < 0) return -fork_error;
    if (count != sizeof error && may_run) return pid;
    reap_failed_child(pid);
    return may_run ? -error : -APUS_EMULATION_NOT_PERMITTED;
}
