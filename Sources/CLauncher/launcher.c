#define _GNU_SOURCE
#include "children.h"
#include "cleanup.h"
#include "internal.h"
#include "room.h"
#include "tracing.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/// The life of an environment: running until all its children have been started and have ended, Apus asks for the end
/// or Apus is gone; then ending until no descendant is left.
static struct {
    bool control_open;
    bool ending;
    bool stopped;
    bool has_more;        // news of children that the last look left for the next
    unsigned rounds;      // of ending
    int reached;          // by the last look for everything that is to be killed
    unsigned unreached;   // the last of them in which no descendant could be signalled
} state;

enum {
    /// How much news of children is taken before commands are looked at again: a traced process can make as much as it
    /// likes. While ending it is as much as the killed ones can make, if that is more: with a walk through /proc for
    /// every few dead, the time of a large family's end grew with the square of its size (12,000 processes: 5 s, now 1).
    NEWS_PER_ROUND = 256,
    /// Half a second, at the pace of wait_for_event.
    UNREACHED_ROUNDS = 500,
};

#ifdef __linux__
enum { ANY_CHILD = __WALL };  // traced threads too
#else
enum { ANY_CHILD = 0 };
#endif

bool apus_is_stop(const siginfo_t *news) {
    return news->si_code == CLD_TRAPPED || news->si_code == CLD_STOPPED || news->si_code == CLD_CONTINUED;
}

void apus_take_stop(pid_t thread) {
    // No crash is told of a child before its start.
    apus_children_take_start();
#ifdef __linux__
    apus_trace_stopped(thread);
#else
    (void)thread;
#endif
}

/// Returns how many processes and groups got it; in a room, where the kernel does not count, any number but 0.
static int signal_all(int signal_number) {
    if (apus_own_room() != NULL) return kill(-1, signal_number) == 0 ? NEWS_PER_ROUND : 0;
    return apus_children_signal_all(signal_number) + apus_signal_descendants(getpid(), signal_number);
}

/// Returns false when there is no descendant.
static bool reap(void) {
    state.has_more = false;
    apus_children_take_start();
    apus_children_bury();
    int limit = state.reached > NEWS_PER_ROUND ? state.reached : NEWS_PER_ROUND;
    for (int count = 0; count < limit; count++) {
        siginfo_t news = {0};
        if (waitid(P_ALL, 0, &news, WEXITED | WNOHANG | WNOWAIT | ANY_CHILD) != 0) return errno != ECHILD;
        if (news.si_pid == 0) return true;
        if (apus_is_stop(&news)) apus_take_stop(news.si_pid);
        else if (!apus_children_bury_process(news.si_pid)) waitpid(news.si_pid, NULL, ANY_CHILD);
    }
    state.has_more = true;
    return true;
}

/// Without an own /proc only children and their groups can be reached. False when descendants are left that are in
/// none: they cannot be ended, and waiting for them would never end either.
static bool kill_all(void) {
    state.reached = signal_all(SIGKILL);
    state.unreached = state.reached > 0 ? 0 : state.unreached + 1;
    return state.unreached <= UNREACHED_ROUNDS;
}

/// With the first process of a room the kernel ends all others.
static bool end_room(void) {
    if (!apus_children_run()) return true;
    kill_all();
    return false;
}

static void stop_all(void) {
    state.stopped = true;
    if (apus_room_freeze(true)) return;
    signal_all(SIGSTOP);
    apus_signal_descendants(getpid(), SIGSTOP);  // again, for what was forked during the first walk
}

static void continue_all(void) {
    state.stopped = false;
    if (!apus_room_freeze(false)) signal_all(SIGCONT);
}

/// Outside of a room. What is to be removed by a command is removed before its owner is killed.
static bool end_here(bool has_descendants) {
    if (apus_cleanup_exists() && state.stopped) continue_all();  // who is frozen cannot let go of anything
    if (!apus_cleanup_allows_kill(apus_children_run(), has_descendants)) return apus_cleanup_is_over();
    if (has_descendants && kill_all()) return false;
    return apus_cleanup_is_over();
}

/// Does what is to be done now. Returns true when nothing is left to be done, ever.
static bool is_over(void) {
    bool has_descendants = reap();
    // What is started in a frozen environment would not be frozen.
    if (!state.ending && !state.stopped && apus_children_start_next()) has_descendants = true;
    if (apus_children_have_ended()) state.ending = true;
    if (!state.ending) return false;
    apus_children_start_no_more();
    if (apus_own_room() != NULL) return end_room();
    return end_here(has_descendants);
}

static void obey(unsigned char command) {
    switch (command) {
    case APUS_COMMAND_START_EXTENSIONS:
        apus_children_request(1, APUS_MAXIMUM_CHILDREN);
        break;
    case APUS_COMMAND_START_MAIN:
        apus_children_request(0, 1);
        break;
    case APUS_COMMAND_TERMINATE:
        apus_children_signal(0, SIGTERM);
        if (state.stopped) continue_all();  // a stopped process would not see the signal
        break;
    case APUS_COMMAND_KILL:
        state.ending = true;
        break;
    case APUS_COMMAND_STOP:
        stop_all();
        break;
    case APUS_COMMAND_CONTINUE:
        continue_all();
        break;
    case APUS_COMMAND_SOCKET:
        apus_room_send_socket();
        break;
    default:
        if (command < APUS_COMMAND_KILL_CHILD) break;
        // The main child is then the client of something that only the command can end.
        if (command == APUS_COMMAND_KILL_CHILD && apus_cleanup_exists()) state.ending = true;
        else apus_children_signal(command - APUS_COMMAND_KILL_CHILD, SIGKILL);
        break;
    }
}

static void read_commands(void) {
    unsigned char commands[64];
    ssize_t count = read(APUS_CONTROL_DESCRIPTOR, commands, sizeof commands);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (count <= 0) {
        state.control_open = false;
        state.ending = true;
    }
    for (ssize_t index = 0; index < count; index++) obey(commands[index]);
}

/// Returns when a child was started or ended, or a command came; while ending also after a millisecond, to look for
/// children that came to us from a dead parent in the meantime.
static void wait_for_event(const sigset_t *only_child_signal_open) {
    fd_set readable, exceptional;
    FD_ZERO(&readable);
    FD_ZERO(&exceptional);
    if (state.control_open) FD_SET(APUS_CONTROL_DESCRIPTOR, &readable);
    int start = apus_children_start_descriptor();
    if (start >= 0) FD_SET(start, &readable);
    int last = start > APUS_CONTROL_DESCRIPTOR ? start : APUS_CONTROL_DESCRIPTOR;
    // A process that the kernel cannot end at once (a dead network disk) is not worth a busy loop.
    struct timespec soon = {.tv_nsec = state.rounds < 1000 ? 1000000 : 100000000};
    struct timespec now = {0};
    if (state.ending) state.rounds++;
    struct timespec *longest = state.has_more ? &now : state.ending ? &soon : NULL;
    apus_room_watch(&readable, &exceptional, &last, &longest, state.stopped);
    int count = pselect(last + 1, &readable, NULL, &exceptional, longest, only_child_signal_open);
    if (count < 0) {
        FD_ZERO(&readable);
        FD_ZERO(&exceptional);
    }
    if (FD_ISSET(APUS_CONTROL_DESCRIPTOR, &readable)) read_commands();
    apus_room_look(&readable, &exceptional);
}

static void child_ended(int signal_number) {
    (void)signal_number;  // only interrupts pselect
}

static void set_close_on_exec(int descriptor) {
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

static void close_inherited(const struct apus_launch *launch) {
    bool has_extensions = launch->program_count > 1, has_namespaces = launch->room != NULL && launch->room->exists;
    apus_detach(APUS_LAUNCHER_NAME, has_namespaces   ? APUS_FIRST_FREE_DESCRIPTOR
                                    : has_extensions ? APUS_EXTENSION_OUTPUT_DESCRIPTOR + 1
                                                     : APUS_STATUS_DESCRIPTOR + 1);
    if (has_namespaces && !has_extensions) close(APUS_EXTENSION_OUTPUT_DESCRIPTOR);
    if (has_namespaces && !launch->room->has_user_namespace) close(APUS_USER_NAMESPACE_DESCRIPTOR);
}

/// Leaves what is the parent's, and makes the descriptors that children must not have close-on-exec.
static void settle(struct apus_launch *launch) {
    bool has_extensions = launch->program_count > 1;
    close_inherited(launch);
    set_close_on_exec(APUS_CONTROL_DESCRIPTOR);
    set_close_on_exec(APUS_STATUS_DESCRIPTOR);
    if (has_extensions) set_close_on_exec(APUS_EXTENSION_OUTPUT_DESCRIPTOR);
#ifdef __linux__
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (launch->room != NULL) apus_room_enter(launch->room, has_extensions);
#endif
    // What a tracer has to know of a process stands in /proc.
    if (!apus_has_own_proc()) launch->tracer = NULL;
    // Back to the default in the child by exec. Stops are news only of traced children.
    struct sigaction action = {.sa_handler = child_ended, .sa_flags = launch->tracer != NULL ? 0 : SA_NOCLDSTOP};
    sigaction(SIGCHLD, &action, NULL);
}

void apus_launcher_main(void) {
    static struct apus_launch launch;
    bool is_complete = apus_read_entries(&launch);
    if (!is_complete) launch = (struct apus_launch){.program_count = 1};
    settle(&launch);
    if (!is_complete) {
        apus_report(APUS_MESSAGE_EXEC_FAILED, 0, EINVAL, NULL);
        _exit(0);
    }
    apus_children_begin(&launch);
    apus_cleanup_begin(launch.has_cleanup ? &launch.cleanup : NULL);
    // Without extensions there is nothing that could have to come before.
    if (launch.program_count == 1) apus_children_request(0, 1);

    state.control_open = true;
    sigset_t mask;
    sigfillset(&mask);
    sigdelset(&mask, SIGCHLD);
    while (!is_over()) wait_for_event(&mask);
    _exit(0);
}
