#include <string>
#include <unistd.h>
#include <vector>

#if defined(__aarch64__)
static const std::string machine = "aarch64";
#else
static const std::string machine = "x86_64";
#endif

// A shell speaks with the Runtime API.
static const std::string runtime = R"(
url="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while :; do
    id=$(curl -sSf -D - -o /dev/null "$url/next" | tr -d '\r' | sed -n 's/^lambda-runtime-aws-request-id: *//Ip')
    [ -n "$id" ] || exit 1
    curl -sSf -d "$1" "$url/$id/response" >/dev/null || exit 1
done
)";

int main() {
    std::string answer = "{\"language\":\"c++\",\"machine\":\"" + machine + "\"}";
    execl("/bin/sh", "sh", "-c", runtime.c_str(), "sh", answer.c_str(), nullptr);
    return 1;
}
