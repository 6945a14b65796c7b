extension ProjectTemplate {
    static let cRuntime = ProjectFile(
        "src/runtime.c",
        about: "speaks with Lambda: asks for events, sends answers and errors",
        text: #"""
            // The runtime: asks Lambda's Runtime API for an event, has it handled, sends the result, and so on until Lambda ends the
            // process. One kept connection; what goes wrong with it ends the process, and Lambda starts a new one.

            #define _GNU_SOURCE
            #include "handler.h"

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
            #include <unistd.h>

            enum {
                LINE_LIMIT = 64 * 1024,       // a line of a response's head
                BODY_LIMIT = 8 * 1024 * 1024, // Lambda's own limit of an event is 6 MB
            };

            struct connection {
                int socket; // -1: none
                size_t begin, end; // what has been received and not been read
                char buffer[LINE_LIMIT];
            };

            struct response {
                int status;
                char request_id[128];
                char *body; // kept from response to response
                size_t length, capacity;
            };

            static const char *authority; // of the Runtime API: host:port
            static struct connection connection = {.socket = -1};

            static _Noreturn void fail(const char *format, ...) {
                va_list arguments;
                va_start(arguments, format);
                fputs("runtime: ", stderr);
                vfprintf(stderr, format, arguments);
                fputc('\n', stderr);
                va_end(arguments);
                exit(1);
            }

            // MARK: The connection

            /// The address is one in numbers, as Lambda gives it: a static program has no resolver.
            static struct sockaddr_in address_of_api(void) {
                struct sockaddr_in address = {.sin_family = AF_INET};
                char host[64];
                unsigned port = 0;
                if (sscanf(authority, "%63[^:]:%5u", host, &port) != 2 || port == 0 || port > 65535 ||
                    inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &address.sin_addr) != 1)
                    fail("AWS_LAMBDA_RUNTIME_API is not an IPv4 address and a port, but \"%s\"", authority);
                address.sin_port = htons((uint16_t)port);
                return address;
            }

            static void connect_to_api(void) {
                struct sockaddr_in address = address_of_api();
                connection.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
                connection.begin = connection.end = 0;
                if (connection.socket < 0 || connect(connection.socket, (struct sockaddr *)&address, sizeof address) < 0)
                    fail("the Runtime API at %s: %s", authority, strerror(errno));
                int on = 1;
                setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            }

            static void hang_up(void) {
                close(connection.socket);
                connection.socket = -1;
            }

            static void send_bytes(const char *bytes, size_t length) {
                while (length > 0) {
                    ssize_t sent = send(connection.socket, bytes, length, MSG_NOSIGNAL);
                    if (sent < 0 && errno == EINTR) continue;
                    if (sent < 0) fail("sending to the Runtime API: %s", strerror(errno));
                    bytes += sent;
                    length -= (size_t)sent;
                }
            }

            /// Receives into the empty buffer.
            static void receive(void) {
                ssize_t received;
                do received = recv(connection.socket, connection.buffer, sizeof connection.buffer, 0);
                while (received < 0 && errno == EINTR);
                if (received < 0) fail("receiving from the Runtime API: %s", strerror(errno));
                if (received == 0) fail("the Runtime API hung up");
                connection.begin = 0;
                connection.end = (size_t)received;
            }

            /// Reads a line, and takes its end away.
            static const char *read_line(void) {
                static char line[LINE_LIMIT];
                for (size_t length = 0; length < sizeof line; length++) {
                    if (connection.begin == connection.end) receive();
                    line[length] = connection.buffer[connection.begin++];
                    if (line[length] != '\n') continue;
                    if (length > 0 && line[length - 1] == '\r') length--;
                    line[length] = 0;
                    return line;
                }
                fail("a line of over %d bytes from the Runtime API", LINE_LIMIT);
            }

            /// Adds `length` bytes to the body.
            static void read_body(struct response *response, size_t length) {
                if (length > BODY_LIMIT - response->length) fail("an event of over %d bytes", BODY_LIMIT);
                if (response->length + length > response->capacity) {
                    response->capacity = response->length + length;
                    response->body = realloc(response->body, response->capacity);
                    if (response->body == NULL) fail("out of memory");
                }
                while (length > 0) {
                    if (connection.begin == connection.end) receive();
                    size_t part = connection.end - connection.begin < length ? connection.end - connection.begin : length;
                    memcpy(response->body + response->length, connection.buffer + connection.begin, part);
                    connection.begin += part;
                    response->length += part;
                    length -= part;
                }
            }

            // MARK: HTTP

            static size_t number(const char *text, int base) {
                char *end;
                errno = 0;
                unsigned long value = strtoul(text, &end, base);
                if (end == text || errno != 0 || *text == '-') fail("\"%s\" is no length", text);
                return value;
            }

            static void read_chunks(struct response *response) {
                size_t length;
                while ((length = number(read_line(), 16)) > 0) {
                    read_body(response, length);
                    if (*read_line() != 0) fail("a chunk that is longer than its size");
                }
                while (*read_line() != 0) {} // trailers
            }

            /// The value of the header if the line has that name, else NULL.
            static const char *value_of(const char *line, const char *name) {
                size_t length = strlen(name);
                if (strncasecmp(line, name, length) != 0 || line[length] != ':') return NULL;
                line += length + 1;
                return line + strspn(line, " \t");
            }

            static void read_response(struct response *response) {
                response->length = 0;
                response->request_id[0] = 0;
                if (sscanf(read_line(), "HTTP/1.%*1d %3d", &response->status) != 1) fail("the Runtime API does not speak HTTP/1");

                size_t length = 0;
                bool is_chunked = false, closes = false;
                const char *line, *value;
                while (*(line = read_line()) != 0) {
                    if ((value = value_of(line, "Content-Length")) != NULL) length = number(value, 10);
                    if ((value = value_of(line, "Transfer-Encoding")) != NULL) is_chunked = strcasecmp(value, "chunked") == 0;
                    if ((value = value_of(line, "Connection")) != NULL) closes = strcasecmp(value, "close") == 0;
                    if ((value = value_of(line, "Lambda-Runtime-Aws-Request-Id")) != NULL)
                        snprintf(response->request_id, sizeof response->request_id, "%s", value);
                }
                if (is_chunked) read_chunks(response);
                else read_body(response, length);
                if (closes) hang_up();
            }

            /// One request and its response. `header` is empty, or a line with its end.
            static void call(const char *method, const char *path, const char *header, const char *body, size_t length,
                             struct response *response) {
                char head[1024];
                int head_length = snprintf(head, sizeof head,
                                           "%s /2018-06-01/runtime/%s HTTP/1.1\r\nHost: %s\r\n%sContent-Type: application/json\r\n"
                                           "Content-Length: %zu\r\n\r\n",
                                           method, path, authority, header, length);
                if (head_length < 0 || (size_t)head_length >= sizeof head) fail("a request's head is too long");
                if (connection.socket < 0) connect_to_api();
                send_bytes(head, (size_t)head_length);
                send_bytes(body, length);
                read_response(response);
            }

            // MARK: Lambda

            /// Tells Lambda what went wrong; `path` says in which phase.
            static void report(const char *path, const char *type, const char *message, struct response *receipt) {
                char body[2048], header[256];
                size_t length = (size_t)snprintf(body, sizeof body, "{\"errorType\":\"%s\",\"errorMessage\":\"", type);
                for (const unsigned char *c = (const unsigned char *)message; *c != 0 && length < sizeof body - 16; c++) {
                    bool is_plain = *c >= ' ' && *c != '"' && *c != '\\';
                    length += (size_t)snprintf(body + length, sizeof body - length, is_plain ? "%c" : "\\u%04x", *c);
                }
                length += (size_t)snprintf(body + length, sizeof body - length, "\"}");
                snprintf(header, sizeof header, "Lambda-Runtime-Function-Error-Type: %s\r\n", type);
                call("POST", path, header, body, length, receipt);
            }

            static void answer(const struct response *event) {
                char path[256];
                static struct response receipt;
                struct result result = handle(&(struct event){event->body, event->length, event->request_id});
                if (result.body != NULL) {
                    snprintf(path, sizeof path, "invocation/%s/response", event->request_id);
                    call("POST", path, "", result.body, result.length, &receipt);
                } else {
                    snprintf(path, sizeof path, "invocation/%s/error", event->request_id);
                    report(path, "Function.Failed", result.error ? result.error : "the handler gave no result", &receipt);
                }
                free(result.body);
                // Lambda says why it takes no answer (413: too large) and tells the caller; the next event is no worse for it.
                if (receipt.status >= 300)
                    fprintf(stderr, "runtime: %d %.*s\n", receipt.status, (int)receipt.length, receipt.body ? receipt.body : "");
            }

            int main(void) {
                static struct response event;
                authority = getenv("AWS_LAMBDA_RUNTIME_API");
                if (authority == NULL) fail("AWS_LAMBDA_RUNTIME_API is not set: Lambda starts this program, or `apus invoke`");

                const char *problem = set_up();
                if (problem != NULL) {
                    report("init/error", "Function.SetUpFailed", problem, &event);
                    fail("%s", problem);
                }
                for (;;) {
                    call("GET", "invocation/next", "", NULL, 0, &event);
                    if (event.status != 200 || event.request_id[0] == 0) fail("the Runtime API gave no event: %d", event.status);
                    answer(&event);
                }
            }
            """#
    )
}
