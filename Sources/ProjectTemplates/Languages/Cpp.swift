extension ProjectTemplate {
    /// C++17 on sockets.
    static let cpp = ProjectTemplate(
        title: "in C++",
        buildMethod: "cpp",
        codeURI: "src/",
        needs: "a C++ compiler for C++17 (`c++`)",
        answer: #"{"message":"Hello from C++","event":{"name": "Apus"}}"#,
        files: [cppHandler, cppHeader, cppRuntime, cppConnectionHeader, cppConnection]
    )

    static let cppHandler = ProjectFile(
        "src/handler.cpp",
        about: "your function",
        text: #"""
            // Your function: wraps the event into a greeting.

            #include "handler.hpp"

            void set_up() {
                // open what every event needs here
            }

            std::string handle(const Event &event) {
                const auto end = event.body.find_last_not_of(" \t\r\n");
                // Any JSON value is a part of a larger one as it stands, so the event needs no parsing.
                std::string answer = R"({"message":"Hello from C++","event":)";
                answer += event.body.substr(0, end + 1);
                answer += '}';
                return answer;
            }
            """#
    )

    static let cppHeader = ProjectFile(
        "src/handler.hpp",
        about: "what it and the runtime know of each other",
        text: #"""
            // What the runtime (runtime.cpp) and your function (handler.cpp) know of each other.

            #pragma once

            #include <string>
            #include <string_view>

            struct Event {
                std::string_view body; // JSON, as Lambda sent it
                std::string_view request_id;
            };

            /// Called once, before the first event. An exception says why the function cannot work.
            void set_up();

            /// Answers one event, with JSON. An exception makes the invocation fail, with its message.
            std::string handle(const Event &event);
            """#
    )

    static let cppRuntime = ProjectFile(
        "src/runtime.cpp",
        about: "speaks with Lambda: asks for events, sends answers and errors",
        text: #"""
            // The runtime: asks Lambda's Runtime API for an event, has it handled, sends the result, and so on until Lambda ends the
            // process.

            #include "connection.hpp"
            #include "handler.hpp"

            #include <cstdio>
            #include <cstdlib>
            #include <exception>
            #include <iostream>
            #include <stdexcept>

            namespace {

            std::string quoted(std::string_view text) {
                std::string result = "\"";
                for (const unsigned char c : text) {
                    if (c >= ' ' && c != '"' && c != '\\') {
                        result += static_cast<char>(c);
                    } else {
                        char escape[8];
                        std::snprintf(escape, sizeof escape, "\\u%04x", c);
                        result += escape;
                    }
                }
                return result + '"';
            }

            /// Tells Lambda what went wrong; `path` says in which phase.
            Response report(Connection &api, std::string_view path, const std::string &type, const char *message) {
                return api.call("POST", path, "{\"errorType\":" + quoted(type) + ",\"errorMessage\":" + quoted(message) + '}',
                                "Lambda-Runtime-Function-Error-Type: " + type + "\r\n");
            }

            void answer(Connection &api, const Response &event) {
                const auto path = "invocation/" + event.request_id;
                std::string result;
                try {
                    result = handle({event.body, event.request_id});
                } catch (const std::exception &problem) {
                    report(api, path + "/error", "Function.Failed", problem.what());
                    return;
                }
                const auto receipt = api.call("POST", path + "/response", result);
                // Lambda says why it takes no answer (413: too large) and tells the caller; the next event is no worse for it.
                if (receipt.status >= 300) std::cerr << "runtime: " << receipt.status << ' ' << receipt.body << '\n';
            }

            void run() {
                const char *authority = std::getenv("AWS_LAMBDA_RUNTIME_API");
                if (!authority)
                    throw std::runtime_error("AWS_LAMBDA_RUNTIME_API is not set: Lambda starts this program, or `apus invoke`");
                Connection api(authority);
                try {
                    set_up();
                } catch (const std::exception &problem) {
                    report(api, "init/error", "Function.SetUpFailed", problem.what());
                    throw;
                }
                for (;;) {
                    const auto event = api.call("GET", "invocation/next");
                    if (event.status != 200 || event.request_id.empty())
                        throw std::runtime_error("the Runtime API gave no event: " + std::to_string(event.status));
                    answer(api, event);
                }
            }

            } // namespace

            int main() {
                try {
                    run();
                } catch (const std::exception &problem) {
                    std::cerr << "runtime: " << problem.what() << '\n';
                }
                return EXIT_FAILURE;
            }
            """#
    )
}
