/// Bootstraps in C: quick to start, exact to the byte, and able to die of whatever signal a test wants.
enum CBootstrap {
    /// Answers every event with itself.
    static let echo = source(main: "for (;;) { next(); respond(event, event_length); }")

    /// A program whose `main` has the body `main`. It may use the functions of the prelude below, and of `declarations`.
    static func source(_ declarations: String = "", main: String) -> String {
        prelude + "\n" + declarations + "\nint main(void) {\n\(main)\nreturn 0;\n}\n"
    }

    /// A client of the Runtime API, one connection a request.
    private static let prelude = #"""
        #define _GNU_SOURCE
        #include <dirent.h>
        #include <fcntl.h>
        #include <netdb.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <strings.h>
        #include <sys/mman.h>
        #include <sys/socket.h>
        #include <sys/wait.h>
        #include <time.h>
        #include <unistd.h>
        extern char **environ;

        static char head[65536], id[128];
        static char *event;
        static size_t event_length;

        static int connect_api(void) {
            char host[256];
            const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
            snprintf(host, sizeof host, "%s", api ? api : "");
            char *colon = strrchr(host, ':');
            if (!colon) { fprintf(stderr, "no AWS_LAMBDA_RUNTIME_API\n"); _exit(98); }
            *colon = 0;
            struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
            if (getaddrinfo(host, colon + 1, &hints, &found)) { fprintf(stderr, "getaddrinfo\n"); _exit(98); }
            int s = socket(found->ai_family, SOCK_STREAM, 0);
            if (connect(s, found->ai_addr, found->ai_addrlen)) { perror("connect"); _exit(98); }
            freeaddrinfo(found);
            return s;
        }

        static void send_all(int s, const char *bytes, size_t length) {
            /* An answer may come before the body is through (413), so a failed write is no reason to stop. */
            while (length > 0) {
                ssize_t n = send(s, bytes, length, MSG_NOSIGNAL);
                if (n <= 0) return;
                bytes += n;
                length -= (size_t)n;
            }
        }

        static const char *header(const char *name) {
            static char value[65536];
            size_t length = strlen(name);
            for (char *line = strstr(head, "\r\n"); line; line = strstr(line + 2, "\r\n")) {
                if (strncasecmp(line + 2, name, length) || line[2 + length] != ':') continue;
                char *start = line + 3 + length;
                while (*start == ' ') start++;
                snprintf(value, sizeof value, "%.*s", (int)strcspn(start, "\r"), start);
                return value;
            }
            return 0;
        }

        /* One request; returns the status, leaves the head in `head`, the body in *reply. */
        static int call(const char *method, const char *path, const char *more, const void *body, size_t length,
                        char **reply, size_t *reply_length) {
            char request[4096];
            int s = connect_api();
            int n = snprintf(request, sizeof request,
                "%s /2018-06-01/runtime/%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n",
                method, path, getenv("AWS_LAMBDA_RUNTIME_API"), length, more);
            send_all(s, request, (size_t)n);
            send_all(s, body, length);
            size_t used = 0;
            char *end = 0;
            while (!end && used < sizeof head - 1) {
                ssize_t got = recv(s, head + used, sizeof head - 1 - used, 0);
                if (got <= 0) { close(s); return 0; }
                used += (size_t)got;
                head[used] = 0;
                end = memmem(head, used, "\r\n\r\n", 4);
            }
            if (!end) { close(s); return 0; }
            size_t have = used - (size_t)(end + 4 - head);
            char *rest = malloc(have + 1);
            memcpy(rest, end + 4, have);
            end[2] = 0;
            const char *announced = header("Content-Length");
            size_t want = announced ? strtoul(announced, 0, 10) : have;
            char *bytes = malloc((want > have ? want : have) + 1);
            memcpy(bytes, rest, have);
            free(rest);
            while (have < want) {
                ssize_t got = recv(s, bytes + have, want - have, 0);
                if (got <= 0) { fprintf(stderr, "answer cut short\n"); _exit(97); }
                have += (size_t)got;
            }
            bytes[want] = 0;
            close(s);
            if (reply) { free(*reply); *reply = bytes; *reply_length = want; } else free(bytes);
            return atoi(head + 9);
        }

        static int next(void) {
            int status = call("GET", "invocation/next", "", "", 0, &event, &event_length);
            const char *value = header("Lambda-Runtime-Aws-Request-Id");
            if (status != 200 || !value) { fprintf(stderr, "next: %d\n", status); _exit(96); }
            snprintf(id, sizeof id, "%s", value);
            return status;
        }

        static int respond(const void *body, size_t length) {
            char path[256];
            snprintf(path, sizeof path, "invocation/%s/response", id);
            return call("POST", path, "Content-Type: application/json\r\n", body, length, 0, 0);
        }

        static int respond_text(const char *text) { return respond(text, strlen(text)); }

        static int respond_error(const char *type, const char *body) {
            char path[256], more[256];
            snprintf(path, sizeof path, "invocation/%s/error", id);
            snprintf(more, sizeof more, "Lambda-Runtime-Function-Error-Type: %s\r\n", type);
            return call("POST", path, more, body, strlen(body), 0, 0);
        }

        static int init_error(const char *type, const char *body) {
            char more[256];
            snprintf(more, sizeof more, "Lambda-Runtime-Function-Error-Type: %s\r\n", type);
            return call("POST", "init/error", more, body, strlen(body), 0, 0);
        }
        """#
}
