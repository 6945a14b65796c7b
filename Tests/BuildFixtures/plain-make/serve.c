#include <unistd.h>
#include "hello.h"

/* A shell speaks with the Runtime API. */
static const char runtime[] =
    "url=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation\n"
    "while :; do\n"
    "id=$(curl -sSf -D - -o /dev/null $url/next | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: *//Ip')\n"
    "[ -n \"$id\" ] || exit 1\n"
    "curl -sSf -d \"$1\" $url/$id/response >/dev/null || exit 1\n"
    "done\n";

void serve(const char *answer) {
    execl("/bin/sh", "sh", "-c", runtime, "sh", answer, (char *)0);
}
