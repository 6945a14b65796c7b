#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

#if arch(arm64)
let machine = "aarch64"
#else
let machine = "x86_64"
#endif
let answer = "{\"language\":\"swift\",\"machine\":\"\(machine)\"}"
let runtime = #"""
    url="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
    while :; do
        id=$(curl -sSf -D - -o /dev/null "$url/next" | tr -d '\r' | sed -n 's/^lambda-runtime-aws-request-id: *//Ip')
        [ -n "$id" ] || exit 1
        curl -sSf -d "$1" "$url/$id/response" >/dev/null || exit 1
    done
    """#
var arguments = ["sh", "-c", runtime, "sh", answer].map { (text: String) in strdup(text) } + [nil]
execv("/bin/sh", &arguments)
perror("execv")
exit(1)
