#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static void close_both(const int ends[2]) {
    for (int index = 0; index < 2; index++)
        if (ends[index] >= 0) close(ends[index]);
}

/// 0, or an errno with both ends closed.
static int move_up(int ends[2]) {
    for (int index = 0; index < 2; index++) {
        if (ends[index] >= APUS_FIRST_FREE_DESCRIPTOR) continue;
        int moved = fcntl(ends[index], F_DUPFD_CLOEXEC, APUS_FIRST_FREE_DESCRIPTOR);
        if (moved < 0) {
            int error = errno;
            close_both(ends);
            return error;
        }
        close(ends[index]);
        ends[index] = moved;
    }
    return 0;
}

#ifndef __linux__
static int set_close_on_exec(const int ends[2]) {
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
}
#endif

int apus_pipe(int ends[2]) {
#ifdef __linux__
    int result = pipe2(ends, O_CLOEXEC);
#else
    int result = pipe(ends) == 0 ? set_close_on_exec(ends) : -1;
#endif
    if (result != 0) return errno;
    int error = move_up(ends);
    // The flag belongs to this end alone: the function's writes stay blocking.
    if (error == 0) fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return error;
}

int apus_socket_pair(int ends[2]) {
#ifdef __linux__
    int result = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
#else
    int result = socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 ? set_close_on_exec(ends) : -1;
#endif
    return result == 0 ? move_up(ends) : errno;
}

void apus_send_command(int control, unsigned char command) {
#ifdef __linux__
    int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
#else
    int on = 1;
    setsockopt(control, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
    int flags = MSG_DONTWAIT;
#endif
    ssize_t ignored = send(control, &command, 1, flags);
    (void)ignored;
}
