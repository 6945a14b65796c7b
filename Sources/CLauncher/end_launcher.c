#define _GNU_SOURCE
#include "internal.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { LONGEST_SECONDS = 10 };

int apus_launcher_is_stopped(pid_t launcher) {
    siginfo_t news = {0};
    int what = WSTOPPED | WNOHANG | WNOWAIT;
    if (waitid(P_PID, (id_t)launcher, &news, what) == 0 && news.si_pid == launcher) return 1;
    return apus_state_of(launcher) == 't';  // its tracer's stops are no news for its parent
}

static time_t seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

void apus_end_launcher(pid_t launcher) {
    // A stopped launcher reaps nobody: the ids of its children stay theirs, and orphans come to it, not to init. Zombies
    // take the place of those that a family could fork without end, until there is no more room for any.
    kill(launcher, SIGSTOP);
    // What does not run starts nothing that a walk could miss.
    apus_signal_descendants(launcher, SIGSTOP);
    time_t end = seconds() + LONGEST_SECONDS;
    // Once more after nobody was left: an orphan may have been on its way from its dead parent.
    for (int empty = 0; empty < 2 && seconds() < end;)
        empty = apus_signal_descendants(launcher, SIGKILL) == 0 ? empty + 1 : 0;
    kill(launcher, SIGKILL);
}
