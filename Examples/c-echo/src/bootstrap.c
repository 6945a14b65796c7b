// A Lambda custom runtime that answers with its event: GET …/invocation/next, POST the same bytes to …/response.
// One keep-alive connection, one write per request, one buffer that holds head and body of an answer.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    HEAD_LIMIT = 64 * 1024,
    BODY_LIMIT = 8 * 1024 * 1024, // Lambda's own limit is 6 MB
    FIRST_CAPACITY = 64 * 1024,
};

/// Where the Runtime API is: AWS_LAMBDA_RUNTIME_API, `a.b.c.d:port`. An emulator with one port for all functions adds a
/// path to it.
struct api {
    struct sockaddr_in address;
    char authority[64];
    char prefix[256];
};

/// An answer of the Runtime API. `head` and `body` lie in `bytes`.
struct answer {
    char *bytes;
    size_t capacity;
    size_t length; // bytes received
    size_t head_length;
    size_t body_length;
    int status;
    bool closes;
};

enum outcome { DONE, HUNG_UP };

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("bootstrap: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static struct api parse_api(const char *text) {
    struct api api = {.address = {.sin_family = AF_INET}};
    if (text == NULL) fail("AWS_LAMBDA_RUNTIME_API is not set: this program is started by Lambda or an emulator of it");

    const char *slash = strchr(text, '/');
    size_t authority_length = slash ? (size_t)(slash - text) : strlen(text);
    const char *prefix = slash ? slash : "";
    if (authority_length >= sizeof api.authority || strlen(prefix) >= sizeof api.prefix)
        fail("AWS_LAMBDA_RUNTIME_API is too long");
    memcpy(api.authority, text, authority_length);
    strcpy(api.prefix, prefix);

    char host[sizeof api.authority];
    strcpy(host, api.authority);
    char *colon = strchr(host, ':');
    char *end = NULL;
    long port = colon ? strtol(colon + 1, &end, 10) : 0;
    if (colon) *colon = 0;
    if (port < 1 || port > 65535 || *end != 0 ||
        inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &api.address.sin_addr) != 1)
        fail("AWS_LAMBDA_RUNTIME_API must be an IPv4 address and a port, but is \"%s\"", text);
    api.address.sin_port = htons((uint16_t)port);
    return api;
}

static int connect_to(const struct api *api) {
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0) fail("socket: %s", strerror(errno));
    int on = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (connect(connection, (const struct sockaddr *)&api->address, sizeof api->address) < 0)
        if (errno != EINTR) fail("the Runtime API at %s cannot be reached: %s", api->authority, strerror(errno));
    return connection;
}

/// Sends head and body with as few system calls as the socket allows: one, unless its buffer fills up.
static enum outcome send_request(int connection, const char *head, size_t head_length, const char *body,
                                 size_t body_length) {
    struct iovec parts[2] = {
        {.iov_base = (void *)head, .iov_len = head_length},
        {.iov_base = (void *)body, .iov_len = body_length},
    };
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    while (parts[0].iov_len + parts[1].iov_len > 0) {
        ssize_t sent = sendmsg(connection, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return HUNG_UP;
        for (int i = 0; i < 2; i++) {
            size_t part = (size_t)sent < parts[i].iov_len ? (size_t)sent : parts[i].iov_len;
            parts[i].iov_base = (char *)parts[i].iov_base + part;
            parts[i].iov_len -= part;
            sent -= (ssize_t)part;
        }
    }
    return DONE;
}

static void reserve(struct answer *answer, size_t capacity) {
    if (capacity <= answer->capacity) return;
    if (capacity < answer->capacity * 2) capacity = answer->capacity * 2;
    char *bytes = realloc(answer->bytes, capacity);
    if (bytes == NULL) fail("out of memory");
    answer->bytes = bytes;
    answer->capacity = capacity;
}

static enum outcome receive_more(int connection, struct answer *answer) {
    ssize_t received;
    do received = recv(connection, answer->bytes + answer->length, answer->capacity - answer->length, 0);
    while (received < 0 && errno == EINTR);
    if (received <= 0) return HUNG_UP;
    answer->length += (size_t)received;
    return DONE;
}

/// The value of a header and its length, or NULL. Names are compared without regard to case.
static const char *header(const struct answer *answer, const char *name, size_t *value_length) {
    size_t name_length = strlen(name);
    const char *end = answer->bytes + answer->head_length;
    const char *line = memchr(answer->bytes, '\n', answer->head_length);
    while (line != NULL && ++line < end) {
        const char *line_end = memchr(line, '\n', (size_t)(end - line));
        if (line_end == NULL) return NULL;
        if ((size_t)(line_end - line) > name_length && line[name_length] == ':' &&
            strncasecmp(line, name, name_length) == 0) {
            const char *value = line + name_length + 1, *value_end = line_end;
            while (value < value_end && (*value == ' ' || *value == '\t')) value++;
            while (value_end > value && strchr(" \t\r", value_end[-1]) != NULL) value_end--;
            *value_length = (size_t)(value_end - value);
            return value;
        }
        line = line_end;
    }
    return NULL;
}

static bool header_is(const struct answer *answer, const char *name, const char *wanted) {
    size_t length;
    const char *value = header(answer, name, &length);
    return value != NULL && length == strlen(wanted) && strncasecmp(value, wanted, length) == 0;
}

static enum outcome receive_head(int connection, struct answer *answer) {
    answer->length = 0;
    size_t searched = 0;
    for (;;) {
        if (receive_more(connection, answer) == HUNG_UP) return HUNG_UP;
        char *end = memmem(answer->bytes + searched, answer->length - searched, "\r\n\r\n", 4);
        if (end != NULL) {
            answer->head_length = (size_t)(end - answer->bytes) + 4;
            break;
        }
        if (answer->length >= HEAD_LIMIT) fail("the head of an answer is over %d bytes", HEAD_LIMIT);
        searched = answer->length > 3 ? answer->length - 3 : 0;
        reserve(answer, answer->length + FIRST_CAPACITY / 2);
    }
    if (answer->head_length < 12 || strncmp(answer->bytes, "HTTP/1.", 7) != 0) fail("the answer is not HTTP/1.1");
    answer->status = atoi(answer->bytes + 9);
    answer->closes = header_is(answer, "Connection", "close") || answer->bytes[7] == '0';
    return DONE;
}

/// Takes the chunk framing out in place: `read` runs ahead of `write` in the same buffer.
static enum outcome receive_chunks(int connection, struct answer *answer) {
    size_t read = answer->head_length, write = answer->head_length;
    bool last = false;
    while (!last) {
        char *line_end;
        while ((line_end = memmem(answer->bytes + read, answer->length - read, "\r\n", 2)) == NULL) {
            reserve(answer, answer->length + 4096);
            if (answer->length - read > HEAD_LIMIT) fail("a chunk has no size");
            if (receive_more(connection, answer) == HUNG_UP) return HUNG_UP;
        }
        unsigned long size = strtoul(answer->bytes + read, NULL, 16);
        if (size > BODY_LIMIT || write - answer->head_length + size > BODY_LIMIT)
            fail("an event over %d bytes", BODY_LIMIT);
        read = (size_t)(line_end - answer->bytes) + 2;
        last = size == 0;
        reserve(answer, read + size + 4096);
        while (answer->length < read + size + 2)
            if (receive_more(connection, answer) == HUNG_UP) return HUNG_UP;
        memmove(answer->bytes + write, answer->bytes + read, size);
        write += size;
        read += size + 2; // the CR LF after the data; after the last chunk, the end of an empty trailer section
    }
    answer->body_length = write - answer->head_length;
    return DONE;
}

static enum outcome receive_answer(int connection, struct answer *answer) {
    if (receive_head(connection, answer) == HUNG_UP) return HUNG_UP;
    if (header_is(answer, "Transfer-Encoding", "chunked")) return receive_chunks(connection, answer);

    size_t value_length;
    const char *value = header(answer, "Content-Length", &value_length);
    unsigned long body_length = value ? strtoul(value, NULL, 10) : 0;
    if (body_length > BODY_LIMIT) fail("an event over %d bytes", BODY_LIMIT);
    answer->body_length = body_length;
    reserve(answer, answer->head_length + body_length);
    while (answer->length < answer->head_length + body_length)
        if (receive_more(connection, answer) == HUNG_UP) return HUNG_UP;
    return DONE;
}

/// Sends a request and reads its answer. Where a kept connection turns out to be closed, a new one is tried.
static void exchange(const struct api *api, int *connection, const char *head, size_t head_length, const char *body,
                     size_t body_length, struct answer *answer) {
    for (int attempt = 0;; attempt++) {
        if (*connection < 0) *connection = connect_to(api);
        if (send_request(*connection, head, head_length, body, body_length) == DONE &&
            receive_answer(*connection, answer) == DONE)
            break;
        close(*connection);
        *connection = -1;
        if (attempt == 1) fail("the Runtime API hung up");
    }
    if (answer->closes) {
        close(*connection);
        *connection = -1;
    }
}

int main(void) {
    const struct api api = parse_api(getenv("AWS_LAMBDA_RUNTIME_API"));
    int connection = -1;
    struct answer event = {0}, receipt = {0};
    reserve(&event, FIRST_CAPACITY);
    reserve(&receipt, FIRST_CAPACITY);

    char next[512];
    int next_length = snprintf(next, sizeof next,
                               "GET %s/2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n",
                               api.prefix, api.authority);

    for (;;) {
        exchange(&api, &connection, next, (size_t)next_length, NULL, 0, &event);
        if (event.status != 200) fail("the Runtime API answered %d where an event was expected", event.status);

        size_t id_length;
        const char *id = header(&event, "Lambda-Runtime-Aws-Request-Id", &id_length);
        if (id == NULL || id_length == 0 || id_length > 128) fail("the event came without a request id");

        char response[1024];
        int response_length = snprintf(response, sizeof response,
                                       "POST %s/2018-06-01/runtime/invocation/%.*s/response HTTP/1.1\r\nHost: %s\r\n"
                                       "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                                       api.prefix, (int)id_length, id, api.authority, event.body_length);
        exchange(&api, &connection, response, (size_t)response_length, event.bytes + event.head_length,
                 event.body_length, &receipt);
        if (receipt.status >= 300)
            fprintf(stderr, "bootstrap: the Runtime API answered %d to a response\n", receipt.status);
    }
}
