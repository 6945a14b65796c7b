extension ProjectTemplate {
    /// POSIX shell and curl.
    static let shell = ProjectTemplate(
        title: "in POSIX shell",
        buildMethod: "shell",
        codeURI: "src/",
        needs: "`curl`, which Lambda has, too",
        answer: #"{"message":"Hello from the shell","event":{"name": "Apus"}}"#,
        files: [shellHandler, shellBootstrap]
    )

    static let shellHandler = ProjectFile(
        "src/handler.sh",
        about: "your function",
        text: #"""
            # Your function. The runtime (bootstrap) reads this file once.

            # Called once, before the first event; not 0: the function cannot work.
            set_up() {
                : # prepare what every event needs here
            }

            # handle REQUEST_ID: reads an event from standard input and writes the answer to standard output, both JSON; standard error is
            # the log. Not 0: the invocation fails.
            handle() {
                # Any JSON value is a part of a larger one as it stands, so the event needs no parsing. $(…) drops its line end.
                printf '{"message":"Hello from the shell","event":%s}' "$(cat)"
            }
            """#
    )

    static let shellBootstrap = ProjectFile(
        "src/bootstrap",
        about: "speaks with Lambda: asks for events, sends answers and errors",
        isExecutable: true,
        text: #"""
            #!/bin/sh
            # The runtime: asks Lambda's Runtime API for an event, has it handled, sends the answer, and so on until Lambda ends the
            # process. POSIX shell and curl; your function is in handler.sh.
            set -u

            api="http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime"

            # No proxy; and curl must not wait for "100 Continue" before it sends a large body.
            call() {
                curl --silent --show-error --noproxy '*' --header 'Expect:' "$@"
            }

            # report PATH TYPE MESSAGE: tells Lambda what went wrong. MESSAGE holds no quotes and no backslashes.
            report() {
                printf '{"errorType":"%s","errorMessage":"%s"}' "$2" "$3" |
                    call --output /dev/null --data-binary @- --header 'Content-Type: application/json' \
                        --header "Lambda-Runtime-Function-Error-Type: $2" "$api/$1"
            }

            # Three files without a name: nothing stays in /tmp, however this process ends.
            open_files() {
                headers=$(mktemp) && exec 3<>"$headers" && rm -f "$headers" &&
                    event=$(mktemp) && exec 4<>"$event" && rm -f "$event" &&
                    answer=$(mktemp) && exec 5<>"$answer" && rm -f "$answer"
            }

            if ! open_files; then
                report init/error Function.NoTemporaryFiles "No temporary file can be made"
                exit 1
            fi
            headers=/dev/fd/3 event=/dev/fd/4 answer=/dev/fd/5

            . "${LAMBDA_TASK_ROOT:-.}/handler.sh"
            if ! set_up; then
                report init/error Function.SetUpFailed "set_up ended with an error"
                exit 1
            fi

            while :; do
                if ! call --fail --dump-header "$headers" --output "$event" "$api/invocation/next"; then
                    echo "runtime: the Runtime API gave no event" >&2
                    exit 1
                fi
                # A header's name comes in any case, its line ends with CR LF.
                id=$(grep -i '^lambda-runtime-aws-request-id:' "$headers" | tr -d '[:space:]' | cut -d: -f2)
                if [ -z "$id" ]; then
                    echo "runtime: the event came without a request id" >&2
                    exit 1
                fi

                # In a process of its own, so that what the handler sets or ends is no matter for the next event.
                (handle "$id") <"$event" >"$answer" 3<&- 4<&- 5<&-
                status=$?
                if [ "$status" -eq 0 ]; then
                    call --fail --output /dev/null --data-binary "@$answer" --header 'Content-Type: application/json' \
                        "$api/invocation/$id/response"
                else
                    report "invocation/$id/error" Function.Failed "handle ended with status $status"
                fi || echo "runtime: the Runtime API did not take the answer" >&2
            done
            """#
    )
}
