// The load client of the benchmark: N keep-alive connections, one thread each, one request at a time on each. The event
// is a JSON string of exactly SIZE bytes with a number of its own; the function is expected to echo it byte for byte.
//
//     client --port PORT [--path PATH] [--size BYTES] [--requests N] [--warm-up N] [--connections N] [--wait SECONDS]
//            [--functions N]
//
// With --functions the `{}` of the path stands for 0 to N-1 in turn.
// Prints one JSON object: latencies in microseconds, requests per second, and `first_answer_ns`, the CLOCK_MONOTONIC
// time of the first answer (with --wait the client tries until somebody listens). Exit 1 and a reason on standard error
// when an answer is missing or wrong.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_LIMIT = 16 * 1024, SMALLEST_EVENT = 24, LARGEST_EVENT = 16 * 1024 * 1024, ANSWER_SECONDS = 30 };

static struct {
    int port;
    const char *path;
    long size, requests, warm_up, connections, wait_seconds, functions;
} options = {
    .path = "/2015-03-31/functions/function/invocations",
    .size = 1024,
    .requests = 1000,
    .connections = 1,
    .functions = 1,
};

static atomic_ulong event_count;
static _Atomic uint64_t first_answer;

struct load {
    pthread_t thread;
    long requests;
    uint64_t *latencies; // one a request, in ns; NULL: do not keep them
    int connection;
    char *event;
    char *bytes; // the answer: head and body
};

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("client: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/// Where nobody listens yet, tries again until the time of --wait is over.
static int connect_to_server(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    uint64_t deadline = now() + (uint64_t)options.wait_seconds * 1000000000u;
    for (;;) {
        int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
        if (connection < 0) fail("socket: %s", strerror(errno));
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct timeval limit = {.tv_sec = ANSWER_SECONDS};
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        if (connect(connection, (struct sockaddr *)&address, sizeof address) == 0) return connection;
        int reason = errno;
        close(connection);
        if (reason != ECONNREFUSED || now() >= deadline) fail("connect to port %d: %s", options.port, strerror(reason));
        nanosleep(&(struct timespec){.tv_nsec = 100 * 1000}, NULL);
    }
}

static void send_request(struct load *load, unsigned long event) {
    char head[512], function[24] = "";
    const char *place = strstr(options.path, "{}");
    int before = place ? (int)(place - options.path) : (int)strlen(options.path);
    if (place) snprintf(function, sizeof function, "%lu", event % (unsigned long)options.functions);
    int head_length = snprintf(head, sizeof head,
                               "POST %.*s%s%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
                               "Content-Length: %ld\r\n\r\n",
                               before, options.path, function, place ? place + 2 : "", options.port, options.size);
    struct iovec parts[2] = {{head, (size_t)head_length}, {load->event, (size_t)options.size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    while (parts[0].iov_len + parts[1].iov_len > 0) {
        ssize_t sent = sendmsg(load->connection, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) fail("the request could not be sent: %s", strerror(errno));
        for (int i = 0; i < 2; i++) {
            size_t part = (size_t)sent < parts[i].iov_len ? (size_t)sent : parts[i].iov_len;
            parts[i].iov_base = (char *)parts[i].iov_base + part;
            parts[i].iov_len -= part;
            sent -= (ssize_t)part;
        }
    }
}

static size_t receive(struct load *load, size_t length, size_t capacity) {
    ssize_t received;
    do received = recv(load->connection, load->bytes + length, capacity - length, 0);
    while (received < 0 && errno == EINTR);
    if (received == 0) fail("the server hung up in the middle of an answer");
    if (received < 0) fail("no answer: %s", strerror(errno));
    return length + (size_t)received;
}

/// The value of a header; the bytes after it end with a CR.
static const char *header(const char *head, size_t head_length, const char *name) {
    const char *line = head, *end = head + head_length;
    size_t name_length = strlen(name);
    while ((line = memchr(line, '\n', (size_t)(end - line))) != NULL && ++line < end)
        if (strncasecmp(line, name, name_length) == 0 && line[name_length] == ':') {
            line += name_length + 1;
            return line + strspn(line, " ");
        }
    return NULL;
}

/// Takes the chunk framing out; returns the body's length.
static size_t receive_chunks(struct load *load, size_t head_length, size_t length, size_t capacity) {
    size_t read = head_length, write = head_length;
    for (;;) {
        char *line_end;
        while ((line_end = memmem(load->bytes + read, length - read, "\r\n", 2)) == NULL && length < capacity)
            length = receive(load, length, capacity);
        size_t size = line_end ? strtoul(load->bytes + read, NULL, 16) : capacity;
        read = line_end ? (size_t)(line_end - load->bytes) + 2 : read;
        if (size > capacity || read + size + 2 > capacity) fail("an answer that is larger than its event");
        while (length < read + size + 2) length = receive(load, length, capacity);
        memmove(load->bytes + write, load->bytes + read, size);
        read += size + 2;
        write += size;
        if (size == 0) return write - head_length;
    }
}

static void receive_answer(struct load *load) {
    size_t capacity = (size_t)options.size + 2 * HEAD_LIMIT, length = 0, body_length;
    char *end = NULL;
    while (end == NULL) {
        if (length >= HEAD_LIMIT + (size_t)options.size) fail("the head of the answer does not end");
        length = receive(load, length, capacity);
        end = memmem(load->bytes, length, "\r\n\r\n", 4);
    }
    size_t head_length = (size_t)(end - load->bytes) + 4;
    if (head_length < 16 || strncmp(load->bytes, "HTTP/1.1 200", 12) != 0)
        fail("the server answered: %.*s", (int)(length < 400 ? length : 400), load->bytes);

    const char *coding = header(load->bytes, head_length, "Transfer-Encoding");
    if (coding != NULL && strncasecmp(coding, "chunked", 7) == 0) {
        body_length = receive_chunks(load, head_length, length, capacity);
    } else {
        const char *value = header(load->bytes, head_length, "Content-Length");
        if (value == NULL) fail("an answer without Content-Length and without chunks");
        body_length = strtoul(value, NULL, 10);
        if (body_length > capacity - head_length)
            fail("an answer of %zu bytes to an event of %ld", body_length, options.size);
        while (length < head_length + body_length) length = receive(load, length, capacity);
    }
    if (body_length != (size_t)options.size || memcmp(load->bytes + head_length, load->event, body_length) != 0)
        fail("the answer is not the event: %zu bytes for %ld, beginning with %.*s", body_length, options.size,
             (int)(body_length < 200 ? body_length : 200), load->bytes + head_length);

    const char *persistence = header(load->bytes, head_length, "Connection");
    if (persistence != NULL && strncasecmp(persistence, "close", 5) == 0) {
        close(load->connection);
        load->connection = connect_to_server();
    }
}

static void *run(void *argument) {
    struct load *load = argument;
    for (long i = 0; i < load->requests; i++) {
        char number[SMALLEST_EVENT];
        unsigned long event = atomic_fetch_add(&event_count, 1);
        int digits = snprintf(number, sizeof number, "%012lu", event);
        memcpy(load->event + 1, number, (size_t)digits);

        uint64_t start = now();
        send_request(load, event);
        receive_answer(load);
        uint64_t end = now(), none = 0;
        atomic_compare_exchange_strong(&first_answer, &none, end);
        if (load->latencies != NULL) load->latencies[i] = end - start;
    }
    return NULL;
}

static struct load open_load(void) {
    size_t size = (size_t)options.size;
    struct load load = {.connection = connect_to_server()};
    load.event = malloc(size);
    load.bytes = malloc(size + 2 * HEAD_LIMIT);
    if (load.event == NULL || load.bytes == NULL) fail("out of memory");
    for (size_t i = 1; i + 1 < size; i++) load.event[i] = (char)('a' + i % 26);
    load.event[0] = load.event[size - 1] = '"';
    return load;
}

static int compare(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static long number_option(const char *text, long smallest, long largest) {
    char *end;
    long number = strtol(text, &end, 10);
    if (*text == 0 || *end != 0 || number < smallest || number > largest)
        fail("\"%s\" is not a number from %ld to %ld", text, smallest, largest);
    return number;
}

static void parse_options(int count, char **arguments) {
    static const struct option names[] = {
        {"port", required_argument, NULL, 'p'},        {"path", required_argument, NULL, 'u'},
        {"size", required_argument, NULL, 's'},        {"requests", required_argument, NULL, 'n'},
        {"warm-up", required_argument, NULL, 'w'},     {"connections", required_argument, NULL, 'c'},
        {"wait", required_argument, NULL, 't'},        {"functions", required_argument, NULL, 'f'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(count, arguments, "", names, NULL)) != -1;)
        switch (option) {
        case 'p': options.port = (int)number_option(optarg, 1, 65535); break;
        case 'u': options.path = optarg; break;
        case 's': options.size = number_option(optarg, SMALLEST_EVENT, LARGEST_EVENT); break;
        case 'n': options.requests = number_option(optarg, 1, 100000000); break;
        case 'w': options.warm_up = number_option(optarg, 0, 100000000); break;
        case 'c': options.connections = number_option(optarg, 1, 1000); break;
        case 'f': options.functions = number_option(optarg, 1, 100000); break;
        case 't': options.wait_seconds = number_option(optarg, 0, 600); break;
        default: exit(64);
        }
    if (options.port == 0 || optind != count || strlen(options.path) > 256)
        fail("--port is missing, or an argument is too many");
}

int main(int count, char **arguments) {
    parse_options(count, arguments);
    struct load *loads = calloc((size_t)options.connections, sizeof *loads);
    uint64_t *latencies = calloc((size_t)options.requests, sizeof *latencies);
    if (loads == NULL || latencies == NULL) fail("out of memory");
    for (long i = 0; i < options.connections; i++) loads[i] = open_load();

    loads[0].requests = options.warm_up;
    run(&loads[0]);

    uint64_t start = now();
    long given_out = 0;
    for (long i = 0; i < options.connections; i++) {
        loads[i].requests = (options.requests - given_out) / (options.connections - i);
        loads[i].latencies = latencies + given_out;
        given_out += loads[i].requests;
        if (options.connections == 1) run(&loads[0]);
        else if (pthread_create(&loads[i].thread, NULL, run, &loads[i]) != 0) fail("pthread_create");
    }
    for (long i = 0; options.connections > 1 && i < options.connections; i++) pthread_join(loads[i].thread, NULL);
    double seconds = (double)(now() - start) / 1e9;

    qsort(latencies, (size_t)options.requests, sizeof *latencies, compare);
    const double parts[] = {0.5, 0.9, 0.99};
    double percentiles[3];
    for (int i = 0; i < 3; i++)
        percentiles[i] = (double)latencies[(size_t)(parts[i] * (double)(options.requests - 1) + 0.5)] / 1000;
    printf("{\"size\":%ld,\"requests\":%ld,\"connections\":%ld,\"p50_us\":%.2f,\"p90_us\":%.2f,\"p99_us\":%.2f,"
           "\"per_second\":%.1f,\"first_answer_ns\":%llu}\n",
           options.size, options.requests, options.connections, percentiles[0], percentiles[1], percentiles[2],
           (double)options.requests / seconds, (unsigned long long)first_answer);
    return 0;
}
