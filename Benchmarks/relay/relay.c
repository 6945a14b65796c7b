// The floor of the benchmark: the least that a Lambda emulator can do, in one thread on epoll. It takes an event at the
// front door, hands it to the bootstrap that waits in …/next, and hands the response back. No limits, no time-outs, no
// log, no error paths: nothing that a real emulator needs beyond the relay itself.
//
//     relay FRONT_DOOR_PORT RUNTIME_API_PORT BOOTSTRAP
//
// Front door: POST /2015-03-31/functions/function/invocations. Overlapping invocations queue.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 1024, FIRST_CAPACITY = 64 * 1024, LARGEST_REQUEST = 64 * 1024 * 1024 };

enum side { CALLER, RUNTIME };

struct connection {
    int descriptor; // -1: not in use
    enum side side;

    char *in; // one request: head and body
    size_t in_capacity, in_length;
    size_t head_length, body_length; // head_length 0: the head is not complete yet

    char head[512];        // the answer under way: its head …
    struct iovec out[2];   // … and what of head and body is still to be sent
    bool waits_for_socket; // EPOLLOUT is asked for

    struct connection *next_caller; // in the queue of events that no runtime has taken yet
};

static struct connection connections[CONNECTIONS];
static int epoll_descriptor;

static struct connection *waiting_runtime; // has asked for …/next and got nothing yet
static struct connection *running_caller;  // its event is with the runtime
static struct connection *first_caller, *last_caller;
static unsigned long invocation_count;

static void die(const char *what) {
    fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void watch(struct connection *connection, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(epoll_descriptor, operation, connection->descriptor, &event) < 0) die("epoll_ctl");
}

static void hang_up(struct connection *connection) {
    close(connection->descriptor);
    connection->descriptor = -1;
    if (connection == waiting_runtime) waiting_runtime = NULL;
    if (connection == running_caller) running_caller = NULL;
    struct connection **link = &first_caller, *previous = NULL;
    while (*link != NULL && *link != connection) {
        previous = *link;
        link = &previous->next_caller;
    }
    if (*link == connection) {
        *link = connection->next_caller;
        if (last_caller == connection) last_caller = previous;
    }
}

/// Sends what the socket takes; asks for EPOLLOUT only when something is left.
static void flush_out(struct connection *connection) {
    while (connection->out[0].iov_len + connection->out[1].iov_len > 0) {
        struct msghdr message = {.msg_iov = connection->out, .msg_iovlen = 2};
        ssize_t sent = sendmsg(connection->descriptor, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno == EAGAIN) {
            if (!connection->waits_for_socket) watch(connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
            connection->waits_for_socket = true;
            return;
        }
        if (sent < 0) {
            hang_up(connection);
            return;
        }
        for (int i = 0; i < 2; i++) {
            size_t part = (size_t)sent < connection->out[i].iov_len ? (size_t)sent : connection->out[i].iov_len;
            connection->out[i].iov_base = (char *)connection->out[i].iov_base + part;
            connection->out[i].iov_len -= part;
            sent -= (ssize_t)part;
        }
    }
    if (connection->waits_for_socket) watch(connection, EPOLL_CTL_MOD, EPOLLIN);
    connection->waits_for_socket = false;
}

/// `head_length` bytes of `head` are filled in. The body stays where it was received: nothing is copied.
static void answer(struct connection *connection, int head_length, char *body, size_t body_length) {
    connection->out[0] = (struct iovec){connection->head, (size_t)head_length};
    connection->out[1] = (struct iovec){body, body_length};
    flush_out(connection);
}

/// Room for the next request. The bytes of the last one stay until it arrives: an answer may still be sent from them.
static void finish_request(struct connection *connection) {
    connection->in_length = 0;
    connection->head_length = 0;
}

static void hand_over_event(void) {
    if (waiting_runtime == NULL || running_caller != NULL || first_caller == NULL) return;
    struct connection *runtime = waiting_runtime, *caller = first_caller;
    waiting_runtime = NULL;
    running_caller = caller;
    first_caller = caller->next_caller;
    if (first_caller == NULL) last_caller = NULL;

    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    invocation_count++;
    int length = snprintf(runtime->head, sizeof runtime->head,
                          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                          "Lambda-Runtime-Aws-Request-Id: 00000000-0000-4000-8000-%012lx\r\n"
                          "Lambda-Runtime-Deadline-Ms: %lld\r\n"
                          "Lambda-Runtime-Invoked-Function-Arn: "
                          "arn:aws:lambda:us-east-1:012345678912:function:function\r\n"
                          "Content-Length: %zu\r\n\r\n",
                          invocation_count, (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000 + 3000,
                          caller->body_length);
    answer(runtime, length, caller->in + caller->head_length, caller->body_length);
}

/// The caller gets its answer before the runtime gets its receipt.
static void hand_over_response(struct connection *runtime) {
    struct connection *caller = running_caller;
    running_caller = NULL;
    if (caller != NULL) {
        int length = snprintf(caller->head, sizeof caller->head,
                              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                              runtime->body_length);
        answer(caller, length, runtime->in + runtime->head_length, runtime->body_length);
        // The rest is sent from the runtime's buffer, which its next request will overwrite: take the buffer along.
        if (caller->descriptor >= 0 && caller->waits_for_socket) {
            char *bytes = caller->in;
            size_t capacity = caller->in_capacity;
            caller->in = runtime->in;
            caller->in_capacity = runtime->in_capacity;
            runtime->in = bytes;
            runtime->in_capacity = capacity;
        }
        finish_request(caller);
    }
    int length = snprintf(runtime->head, sizeof runtime->head,
                          "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n"
                          "{\"status\":\"OK\"}\n");
    finish_request(runtime);
    answer(runtime, length, NULL, 0);
}

static bool ends_with(const char *text, size_t length, const char *end) {
    size_t end_length = strlen(end);
    return length >= end_length && memcmp(text + length - end_length, end, end_length) == 0;
}

static void take_request(struct connection *connection) {
    const char *path = memchr(connection->in, ' ', connection->head_length);
    const char *head_end = connection->in + connection->head_length;
    const char *path_end = path ? memchr(path + 1, ' ', (size_t)(head_end - path - 1)) : NULL;
    if (path_end == NULL) {
        hang_up(connection);
        return;
    }
    size_t path_length = (size_t)(path_end - ++path);

    if (connection->side == CALLER && ends_with(path, path_length, "/invocations")) {
        connection->next_caller = NULL;
        if (last_caller != NULL) last_caller->next_caller = connection;
        else first_caller = connection;
        last_caller = connection;
        hand_over_event();
    } else if (connection->side == RUNTIME && ends_with(path, path_length, "/next")) {
        finish_request(connection);
        waiting_runtime = connection;
        hand_over_event();
    } else if (connection->side == RUNTIME && ends_with(path, path_length, "/response")) {
        hand_over_response(connection);
    } else {
        finish_request(connection);
        int length = snprintf(connection->head, sizeof connection->head,
                              "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        answer(connection, length, NULL, 0);
    }
}

static size_t content_length(const struct connection *connection) {
    const char *line = connection->in, *end = connection->in + connection->head_length;
    while ((line = memchr(line, '\n', (size_t)(end - line))) != NULL && ++line < end)
        if (strncasecmp(line, "content-length:", 15) == 0) return strtoul(line + 15, NULL, 10);
    return 0;
}

/// Reads until the socket is empty or the request is complete. No pipelining: a request comes only after the last answer.
static void receive(struct connection *connection) {
    for (;;) {
        if (connection->in_length == connection->in_capacity) {
            size_t capacity = connection->in_capacity * 2;
            char *bytes = capacity <= LARGEST_REQUEST ? realloc(connection->in, capacity) : NULL;
            if (bytes == NULL) die("a request is too large");
            connection->in = bytes;
            connection->in_capacity = capacity;
        }
        size_t room = connection->in_capacity - connection->in_length;
        ssize_t received = recv(connection->descriptor, connection->in + connection->in_length, room, 0);
        if (received < 0 && errno == EINTR) continue;
        if (received < 0 && errno == EAGAIN) return;
        if (received <= 0) {
            hang_up(connection);
            return;
        }
        connection->in_length += (size_t)received;

        if (connection->head_length == 0) {
            char *end = memmem(connection->in, connection->in_length, "\r\n\r\n", 4);
            if (end == NULL) continue;
            connection->head_length = (size_t)(end - connection->in) + 4;
            connection->body_length = content_length(connection);
            size_t wanted = connection->head_length + connection->body_length;
            if (wanted > LARGEST_REQUEST) die("a request is too large");
            if (wanted >= connection->in_capacity) { // one more than wanted, so that the loop above never doubles it
                char *bytes = realloc(connection->in, wanted + 1);
                if (bytes == NULL) die("realloc");
                connection->in = bytes;
                connection->in_capacity = wanted + 1;
            }
        }
        if (connection->in_length >= connection->head_length + connection->body_length) {
            take_request(connection);
            return;
        }
    }
}

static void accept_connection(int listener, enum side side) {
    int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return;
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (int i = 0; i < CONNECTIONS; i++) {
        struct connection *connection = &connections[i];
        if (connection->descriptor >= 0) continue;
        char *in = connection->in; // a connection's buffer is used again
        size_t capacity = connection->in_capacity;
        *connection = (struct connection){.descriptor = descriptor, .side = side, .in = in, .in_capacity = capacity};
        if (in == NULL) {
            connection->in = malloc(FIRST_CAPACITY);
            connection->in_capacity = FIRST_CAPACITY;
            if (connection->in == NULL) die("malloc");
        }
        watch(connection, EPOLL_CTL_ADD, EPOLLIN);
        return;
    }
    close(descriptor);
}

static int listen_on(int port, struct connection *mark) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 128) < 0)
        die("listen");
    mark->descriptor = listener;
    watch(mark, EPOLL_CTL_ADD, EPOLLIN);
    return listener;
}

/// The bootstrap dies with the relay, however that ends.
static void start_bootstrap(const char *path, int runtime_api_port) {
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "127.0.0.1:%d", runtime_api_port);
    setenv("AWS_LAMBDA_RUNTIME_API", endpoint, 1);
    pid_t parent = getpid(), child = fork();
    if (child < 0) die("fork");
    if (child > 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    execl(path, path, (char *)NULL);
    die(path);
}

int main(int count, char **arguments) {
    int front_door_port = count == 4 ? atoi(arguments[1]) : 0, runtime_api_port = count == 4 ? atoi(arguments[2]) : 0;
    if (front_door_port < 1 || runtime_api_port < 1) {
        fprintf(stderr, "usage: relay FRONT_DOOR_PORT RUNTIME_API_PORT BOOTSTRAP\n");
        return 64;
    }
    signal(SIGCHLD, SIG_IGN);
    for (int i = 0; i < CONNECTIONS; i++) connections[i].descriptor = -1;
    epoll_descriptor = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_descriptor < 0) die("epoll_create1");

    struct connection front_door, runtime_api;
    listen_on(front_door_port, &front_door);
    listen_on(runtime_api_port, &runtime_api);
    start_bootstrap(arguments[3], runtime_api_port);

    for (;;) {
        struct epoll_event events[64];
        int ready = epoll_wait(epoll_descriptor, events, 64, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection == &front_door) accept_connection(front_door.descriptor, CALLER);
            else if (connection == &runtime_api) accept_connection(runtime_api.descriptor, RUNTIME);
            else {
                if (connection->descriptor >= 0 && events[i].events & EPOLLOUT) flush_out(connection);
                if (connection->descriptor >= 0 && events[i].events & ~(uint32_t)EPOLLOUT) receive(connection);
            }
        }
    }
}
