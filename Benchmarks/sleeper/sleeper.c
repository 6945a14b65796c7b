// A bootstrap that takes SLEEP_SECONDS over each event and answers with it: every caller at the same time needs an
// environment of its own. One keep-alive connection, small events only.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char bytes[64 * 1024];

static void fail(const char *what) {
    fprintf(stderr, "bootstrap: %s\n", what);
    exit(1);
}

/// Sends a request and reads its answer; returns the body, which ends with a NUL.
static char *exchange(int api, const char *request, size_t length) {
    if (send(api, request, length, MSG_NOSIGNAL) != (ssize_t)length) fail("the request could not be sent");
    size_t used = 0;
    for (;;) {
        ssize_t got = recv(api, bytes + used, sizeof bytes - 1 - used, 0);
        if (got <= 0) fail("no answer");
        used += (size_t)got;
        bytes[used] = 0;
        char *body = strstr(bytes, "\r\n\r\n"), *size = strcasestr(bytes, "\r\nContent-Length:");
        if (body == NULL || size == NULL) continue;
        body += 4;
        if ((size_t)(bytes + used - body) >= strtoul(size + 17, NULL, 10)) return body;
    }
}

int main(void) {
    char *address = getenv("AWS_LAMBDA_RUNTIME_API"), *port = address ? strrchr(address, ':') : NULL;
    if (port == NULL) fail("AWS_LAMBDA_RUNTIME_API is not set");
    struct sockaddr_in api = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port + 1))};
    char host[64];
    snprintf(host, sizeof host, "%.*s", (int)(port - address), address);
    inet_pton(AF_INET, host, &api.sin_addr);
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(connection, (struct sockaddr *)&api, sizeof api) < 0) fail("nobody listens at AWS_LAMBDA_RUNTIME_API");
    const char *seconds = getenv("SLEEP_SECONDS");

    for (;;) {
        char request[sizeof bytes + 1024], id[64] = "";
        int length = snprintf(request, sizeof request,
                              "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n", address);
        const char *body = exchange(connection, request, (size_t)length);
        const char *field = strcasestr(bytes, "\r\nLambda-Runtime-Aws-Request-Id:");
        if (field == NULL || sscanf(field + 32, " %63[0-9a-f-]", id) != 1) fail("the event came without a request id");
        fputs("sleeping\n", stderr);
        sleep((unsigned)atoi(seconds ? seconds : "1"));
        length = snprintf(request, sizeof request,
                          "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: %s\r\n"
                          "Content-Length: %zu\r\n\r\n%s",
                          id, address, strlen(body), body);
        exchange(connection, request, (size_t)length);
    }
}
