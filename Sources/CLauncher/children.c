#define _GNU_SOURCE
#include "children.h"
#include "room.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum child_state {
    WAITING = 0,  // → REQUESTED
    REQUESTED,    // → STARTING, ENDED (not forked, or not traced where it must be)
    STARTING,     // between fork and exec → RUNNING, ENDED (not executed)
    RUNNING,      // → ENDED
    ENDED,
};

struct child {
    enum child_state state;
    pid_t process;  // STARTING, RUNNING; its group may be signalled only then, before it is reaped
    int failure;    // STARTING: see apus_start_child
};

static const struct apus_launch *launch;
static struct child children[APUS_MAXIMUM_CHILDREN];
static bool has_main_output, has_extension_output;

pid_t apus_main_child_id(void) {
    return children[0].process;
}

static int number_of(const struct child *child) {
    return (int)(child - children);
}

static struct child *find(enum child_state state) {
    // Extensions come first: Lambda starts the runtime last.
    for (int number = 1; number < launch->program_count; number++)
        if (children[number].state == state) return &children[number];
    return children[0].state == state ? &children[0] : NULL;
}

// MARK: Start

void apus_children_begin(const struct apus_launch *given) {
    launch = given;
    has_main_output = true;
    has_extension_output = launch->program_count > 1;
}

void apus_children_request(int first, int end) {
    for (int number = first; number < end && number < launch->program_count; number++)
        if (children[number].state == WAITING) children[number].state = REQUESTED;
}

static void give_up_main_output(void) {
    if (!has_main_output) return;
    has_main_output = false;
    dup2(0, 1);
    dup2(0, 2);
}

static void give_up_extension_output(void) {
    if (!has_extension_output) return;
    has_extension_output = false;
    close(APUS_EXTENSION_OUTPUT_DESCRIPTOR);
}

/// Each output has to end with the last process that can write to it, even while others go on.
static void give_up_outputs(void) {
    bool may_start_main = children[0].state <= REQUESTED, may_start_extension = false;
    for (int number = 1; number < launch->program_count; number++)
        if (children[number].state <= REQUESTED) may_start_extension = true;
    if (!may_start_main) give_up_main_output();
    if (!may_start_extension) give_up_extension_output();
}

void apus_children_start_no_more(void) {
    give_up_main_output();
    give_up_extension_output();
}

bool apus_children_start_next(void) {
    struct child *child = find(REQUESTED);
    if (child == NULL || find(STARTING) != NULL) return false;
    pid_t process = apus_start_child(launch, number_of(child), &child->failure);
    if (process > 0) {
        child->process = process;
        child->state = STARTING;
    } else {
        child->state = ENDED;
        apus_report(APUS_MESSAGE_EXEC_FAILED, number_of(child), -process, NULL);
    }
    give_up_outputs();
    return true;
}

int apus_children_start_descriptor(void) {
    const struct child *child = find(STARTING);
    return child == NULL ? -1 : child->failure;
}

/// A child that has ended and said nothing was killed before its exec, or has run; that is for its exit status to tell.
static void take_start(struct child *child, bool has_ended) {
    int error = 0;
    ssize_t count = read(child->failure, &error, sizeof error);
    if (count < 0 && !has_ended) return;
    close(child->failure);
    if (count == sizeof error) {
        apus_report(APUS_MESSAGE_EXEC_FAILED, number_of(child), error, NULL);
        child->state = ENDED;
        child->process = 0;  // it exits; its zombie is left to whoever reaps orphans
    } else {
        apus_report(APUS_MESSAGE_STARTED, number_of(child), child->process, NULL);
        child->state = RUNNING;
    }
}

void apus_children_take_start(void) {
    struct child *child = find(STARTING);
    if (child != NULL) take_start(child, false);
}

// MARK: End

/// A child is looked at before it is reaped: as long as it is a zombie its group's number is its own, and what is left
/// of the group can be killed by it.
static void bury(struct child *child) {
    siginfo_t news = {0};
    if (waitid(P_PID, (id_t)child->process, &news, WEXITED | WNOHANG | WNOWAIT) != 0) return;
    if (news.si_pid != child->process) return;
    if (apus_is_stop(&news)) return apus_take_stop(child->process);

    int status;
    struct rusage usage;
    if (child->state == STARTING) take_start(child, true);
    if (child->state != RUNNING) return;
    kill(-child->process, SIGKILL);
    if (wait4(child->process, &status, 0, &usage) != child->process) return;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) apus_room_child_killed(number_of(child));
    apus_report(APUS_MESSAGE_EXITED, number_of(child), status, &usage);
    child->state = ENDED;
    child->process = 0;
}

void apus_children_bury(void) {
    for (int number = 0; number < launch->program_count; number++)
        if (children[number].process > 0) bury(&children[number]);
}

bool apus_children_bury_process(pid_t process) {
    for (int number = 0; number < launch->program_count; number++) {
        if (children[number].process != process) continue;
        bury(&children[number]);
        return true;
    }
    return false;
}

int apus_children_number_of(pid_t process) {
    for (int number = 0; number < launch->program_count; number++)
        if (children[number].process == process) return number;
    return -1;
}

bool apus_children_run(void) {
    return find(STARTING) != NULL || find(RUNNING) != NULL;
}

bool apus_children_signal(int number, int signal_number) {
    if (number >= launch->program_count || children[number].process <= 0) return false;
    pid_t process = children[number].process;
    bool reached = kill(-process, signal_number) == 0;
    // It may have gone to another group of its session. Its id stays its own until it is reaped.
    if (getpgid(process) != process && kill(process, signal_number) == 0) reached = true;
    return reached;
}

int apus_children_signal_all(int signal_number) {
    int reached = 0;
    for (int number = 0; number < launch->program_count; number++)
        if (apus_children_signal(number, signal_number)) reached++;
    return reached;
}

bool apus_children_have_ended(void) {
    for (int number = 0; number < launch->program_count; number++)
        if (children[number].state != ENDED) return false;
    return true;
}
