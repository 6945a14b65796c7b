#!/usr/bin/env bash
# What becomes of each program of a corpus: truth.sh OUT prints, separated by tabs, its name and its exit statuses under
# five emulated CPUs and natively. 132 is SIGILL. Needs qemu-x86_64 (Debian: qemu-user).
set -uo pipefail
cd "${1:?usage: truth.sh OUT}" || exit 2
ulimit -c 0
if command -v swiftc >/dev/null; then
    LD_LIBRARY_PATH=$(dirname "$(readlink -f "$(command -v swiftc)")")/../lib/swift/linux
    export LD_LIBRARY_PATH
fi

fate() {
    local row=$1 cpu
    for cpu in Nehalem Westmere qemu64 SandyBridge Haswell; do
        timeout 60 qemu-x86_64 -cpu "$cpu" "./$1" >/dev/null 2>&1
        row="$row"$'\t'$?
    done
    "./$1" >/dev/null 2>&1
    printf '%s\t%s\n' "$row" "$?"
}
export -f fate

find . -maxdepth 1 -type f -printf '%f\n' | sort | xargs -P "$(getconf _NPROCESSORS_ONLN)" -I{} bash -c 'fate {}'
