#define _GNU_SOURCE
#include "internal.h"
#include "tracing.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/// The life of an environment: running until the main child ends, Apus asks for it or Apus is gone; then ending until
/// no descendant is left.
static struct {
    pid_t main_child;   // 0 once reaped; its group may be signalled only before that
    bool control_open;
    bool ending;
    bool stopped;
    bool has_more;      // news of children that the last look left for the next
    unsigned rounds;    // of ending
} state;

/// How much news of children is taken before commands are looked at again: a traced process can make as much as it
/// likes.
enum { NEWS_PER_ROUND = 256 };

#ifdef __linux__
enum { ANY_CHILD = __WALL };  // traced threads too
#else
enum { ANY_CHILD = 0 };
#endif

pid_t apus_main_child_id(void) {
    return state.main_child;
}

bool apus_is_stop(const siginfo_t *news) {
    return news->si_code == CLD_TRAPPED || news->si_code == CLD_STOPPED || news->si_code == CLD_CONTINUED;
}

static void take_stop(pid_t child) {
#ifdef __linux__
    apus_trace_stopped(child);
#else
    (void)child;
#endif
}

static void report(uint32_t kind, int32_t value, const struct rusage *usage) {
    struct apus_launcher_message message = {.kind = kind, .value = value};
    if (usage != NULL) {
#ifdef __APPLE__
        message.peak_bytes = (uint64_t)usage->ru_maxrss;
#else
        message.peak_bytes = (uint64_t)usage->ru_maxrss * 1024;
#endif
        message.cpu_microseconds = (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000
            + (uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
    }
    // Signals are blocked: with nobody at the other end this is EPIPE, and nobody to tell.
    ssize_t ignored = write(APUS_STATUS_DESCRIPTOR, &message, sizeof message);
    (void)ignored;
}

static void signal_all(int signal_number) {
    if (state.main_child > 0) kill(-state.main_child, signal_number);
    apus_signal_descendants(signal_number);
}

/// The main child is looked at before it is reaped: as long as it is a zombie its group's number is its own, and what
/// is left of the group can be killed by it.
static void bury_main_child(void) {
    siginfo_t information = {0};
    if (waitid(P_PID, (id_t)state.main_child, &information, WEXITED | WNOHANG | WNOWAIT) != 0) return;
    if (information.si_pid != state.main_child) return;
    if (apus_is_stop(&information)) return take_stop(state.main_child);

    int status;
    struct rusage usage;
    kill(-state.main_child, SIGKILL);
    if (wait4(state.main_child, &status, 0, &usage) == state.main_child) {
        report(APUS_MESSAGE_EXITED, status, &usage);
        state.main_child = 0;
        state.ending = true;  // an environment ends with its runtime
    }
}

/// Returns false when there is no descendant left.
static bool reap(void) {
    state.has_more = false;
    if (state.main_child > 0) bury_main_child();
    for (int count = 0; count < NEWS_PER_ROUND; count++) {
        siginfo_t information = {0};
        if (waitid(P_ALL, 0, &information, WEXITED | WNOHANG | WNOWAIT | ANY_CHILD) != 0) return errno != ECHILD;
        if (information.si_pid == 0) return true;
        if (apus_is_stop(&information)) take_stop(information.si_pid);
        else if (information.si_pid == state.main_child) bury_main_child();
        else waitpid(information.si_pid, NULL, ANY_CHILD);
    }
    state.has_more = true;
    return true;
}

static void obey(char command) {
    switch (command) {
    case APUS_COMMAND_TERMINATE:
        if (state.main_child > 0) kill(-state.main_child, SIGTERM);
        if (!state.stopped) break;
        state.stopped = false;  // a stopped process would not see the signal
        signal_all(SIGCONT);
        break;
    case APUS_COMMAND_KILL:
        state.ending = true;
        break;
    case APUS_COMMAND_STOP:
        state.stopped = true;
        signal_all(SIGSTOP);
        apus_signal_descendants(SIGSTOP);  // again, for what was forked during the first walk
        break;
    case APUS_COMMAND_CONTINUE:
        state.stopped = false;
        signal_all(SIGCONT);
        break;
    default:
        break;
    }
}

static void read_commands(void) {
    char commands[64];
    ssize_t count = read(APUS_CONTROL_DESCRIPTOR, commands, sizeof commands);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (count <= 0) {
        state.control_open = false;
        state.ending = true;
    }
    for (ssize_t index = 0; index < count; index++) obey(commands[index]);
}

/// Returns when a child ended or a command came; while ending also after a millisecond, to look for children that came
/// to us from a dead parent in the meantime.
static void wait_for_event(const sigset_t *only_child_signal_open) {
    fd_set readable;
    FD_ZERO(&readable);
    if (state.control_open) FD_SET(APUS_CONTROL_DESCRIPTOR, &readable);
    // A process that the kernel cannot end at once (a dead network disk) is not worth a busy loop.
    struct timespec soon = {.tv_nsec = state.rounds < 1000 ? 1000000 : 100000000};
    struct timespec now = {0};
    if (state.ending) state.rounds++;
    int count = pselect(APUS_CONTROL_DESCRIPTOR + 1, &readable, NULL, NULL,
                        state.has_more ? &now : state.ending ? &soon : NULL, only_child_signal_open);
    if (count > 0) read_commands();
}

static void child_ended(int signal_number) {
    (void)signal_number;  // only interrupts pselect
}

static void give_up_output(void) {
    dup2(0, 1);
    dup2(0, 2);
}

void apus_launcher_main(void) {
    apus_detach(APUS_LAUNCHER_NAME, APUS_FIRST_FREE_DESCRIPTOR);
#ifdef __linux__
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
    struct apus_main_child child = {0};
    bool is_complete = apus_read_entries(&child);
    // Back to the default in the child by exec. Stops are news only of traced children.
    struct sigaction action = {.sa_handler = child_ended, .sa_flags = child.tracer != NULL ? 0 : SA_NOCLDSTOP};
    sigaction(SIGCHLD, &action, NULL);

    pid_t pid = is_complete ? apus_start_main_child(&child) : -EINVAL;
    give_up_output();
    if (pid < 0) {
        report(APUS_MESSAGE_EXEC_FAILED, -pid, NULL);
        _exit(0);
    }
    state.main_child = pid;
    state.control_open = true;
    report(APUS_MESSAGE_STARTED, pid, NULL);

    sigset_t mask;
    sigfillset(&mask);
    sigdelset(&mask, SIGCHLD);
    while (reap()) {
        if (state.ending) signal_all(SIGKILL);
        wait_for_event(&mask);
    }
    _exit(0);
}
