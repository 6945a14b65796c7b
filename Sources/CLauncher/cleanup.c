#include "cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    // In ms.
    LONGEST = 10000,      // all of it, before what still runs is killed
    LONGEST_LAST = 5000,  // the last run, after that
    PAUSE = 200,          // a client that was just starting its container may need so long until it can be removed
    SETTLING = 1000,      // an engine's own processes tidy up behind the container
};

enum cleanup_stage {
    NOT_BEGUN = 0,  // → WITH_CHILDREN, AFTER_CHILDREN
    WITH_CHILDREN,  // they still run → AFTER_CHILDREN, KILLING
    AFTER_CHILDREN, // → SETTLED
    KILLING,        // the time is up, and children still run → LAST
    LAST,           // nothing is left but, perhaps, what the killed ones have made → SETTLED
    SETTLED,
};

static struct {
    const struct apus_program *program;
    enum cleanup_stage stage;
    pid_t process;     // of the run that goes on; 0: none does
    long long end;     // of this stage at the latest
    long long again;   // WITH_CHILDREN: when the command is started again
    bool has_settled;  // AFTER_CHILDREN: the command has run
} state;

void apus_cleanup_begin(const struct apus_program *program) {
    state.program = program;
}

bool apus_cleanup_exists(void) {
    return state.program != NULL;
}

static long long milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Outlives the launcher, if somebody kills that.
static void start(void) {
    pid_t process = fork();
    if (process > 0) {
        state.process = process;
        setpgid(process, process);
    }
    if (process != 0) return;
    setpgid(0, 0);
    int null = open("/dev/null", O_RDWR);
    for (int number = 0; number < 3 && null >= 0; number++) dup2(null, number);
    if (null > 2) close(null);
    sigset_t none;
    sigemptyset(&none);
    if (chdir(state.program->directory) == 0 && sigprocmask(SIG_SETMASK, &none, NULL) == 0)
        execve(state.program->executable, state.program->arguments, state.program->variables);
    _exit(127);
}

/// Whether a run goes on. It may have been reaped already, as one of the launcher's many.
static bool is_running(void) {
    if (state.process > 0 && waitpid(state.process, NULL, WNOHANG) != 0) state.process = 0;
    return state.process > 0;
}

static void stop_run(void) {
    if (!is_running()) return;
    kill(-state.process, SIGKILL);
    waitpid(state.process, NULL, 0);
    state.process = 0;
}

static void enter(enum cleanup_stage stage, long long end) {
    state.stage = stage;
    state.end = end;
    start();
}

/// They run, and the command may have to come again, for a container that was not there yet.
static void look_with_children(bool children_run, long long now) {
    if (is_running()) {
        if (now < state.end) return;
        stop_run();
    } else if (!children_run) {
        return enter(AFTER_CHILDREN, state.end);
    } else if (state.again == 0) {
        state.again = now + PAUSE;
    }
    if (now >= state.end) {
        state.stage = KILLING;
    } else if (state.again != 0 && now >= state.again) {
        state.again = 0;
        start();
    }
}

static void look_after_children(bool has_descendants, long long now) {
    if (is_running()) {
        if (now < state.end) return;
        stop_run();
    }
    if (!state.has_settled) {
        state.has_settled = true;
        state.end = now + SETTLING;
    }
    if (!has_descendants || now >= state.end) state.stage = SETTLED;
}

bool apus_cleanup_allows_kill(bool children_run, bool has_descendants) {
    if (state.program == NULL) return true;
    long long now = milliseconds();
    switch (state.stage) {
    case NOT_BEGUN:
        enter(children_run ? WITH_CHILDREN : AFTER_CHILDREN, now + LONGEST);
        break;
    case WITH_CHILDREN:
        look_with_children(children_run, now);
        break;
    case AFTER_CHILDREN:
        look_after_children(has_descendants, now);
        break;
    case LAST:
        return false;  // the command itself must not be killed
    case KILLING:
    case SETTLED:
        break;
    }
    return state.stage == KILLING || state.stage == SETTLED;
}

bool apus_cleanup_is_over(void) {
    if (state.program == NULL || state.stage == SETTLED) return true;
    long long now = milliseconds();
    if (state.stage == KILLING) {
        enter(LAST, now + LONGEST_LAST);
    } else if (state.stage == LAST && (!is_running() || now >= state.end)) {
        stop_run();
        return true;
    }
    return false;
}
