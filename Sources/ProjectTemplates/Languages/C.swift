extension ProjectTemplate {
    /// C on sockets.
    static let c = ProjectTemplate(
        title: "in C",
        buildMethod: "c",
        codeURI: "src/",
        needs: "a C compiler (`cc`)",
        answer: #"{"message":"Hello from C","event":{"name": "Apus"}}"#,
        files: [cHandler, cHeader, cRuntime]
    )

    static let cHandler = ProjectFile(
        "src/handler.c",
        about: "your function",
        text: #"""
            // Your function: wraps the event into a greeting.

            #define _GNU_SOURCE
            #include "handler.h"

            #include <stdio.h>
            #include <string.h>

            const char *set_up(void) {
                return NULL; // open what every event needs here
            }

            static int is_space(char byte) { return byte != 0 && strchr(" \t\r\n", byte) != NULL; }

            struct result handle(const struct event *event) {
                size_t length = event->length;
                while (length > 0 && is_space(event->body[length - 1])) length--;

                // Any JSON value is a part of a larger one as it stands, so the event needs no parsing.
                struct result result = {0};
                int written = asprintf(&result.body, "{\"message\":\"Hello from C\",\"event\":%.*s}", (int)length, event->body);
                if (written < 0) return (struct result){.error = "out of memory"};
                result.length = (size_t)written;
                return result;
            }
            """#
    )

    static let cHeader = ProjectFile(
        "src/handler.h",
        about: "what the two others know of each other",
        text: #"""
            // What the runtime (runtime.c) and your function (handler.c) know of each other.

            #ifndef HANDLER_H
            #define HANDLER_H

            #include <stddef.h>

            struct event {
                const char *body; // JSON, as Lambda sent it
                size_t length;
                const char *request_id;
            };

            struct result {
                char *body; // JSON from malloc, which the runtime frees; NULL: the function failed
                size_t length;
                const char *error; // why it failed
            };

            /// Called once, before the first event. Returns NULL, or why the function cannot work.
            const char *set_up(void);

            /// Answers one event.
            struct result handle(const struct event *event);

            #endif
            """#
    )
}
