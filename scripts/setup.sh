#!/usr/bin/env bash
# Installs what is missing, and only that: packages of the distribution with apt, Python packages into a venv.
#
#     scripts/setup.sh demo                what building Apus and `make demo` need
#     scripts/setup.sh test VENV           what the tests need besides
#     scripts/setup.sh corpus              what the corpus of programs is built with
set -euo pipefail

# What the tests drive Apus with: AWS's runtime for Python, AWS's clients, and AWS's SAM (for `sam build`).
# And a zig, which changes its library from version to version.
python_packages=(awslambdaric==4.* boto3==1.* awscli==1.* aws-sam-cli==1.* ziglang==0.17.*)

missing=()

# need_command COMMAND PACKAGE
need_command() {
    command -v "$1" >/dev/null || missing+=("$2")
}

# need_source LANGUAGE SOURCE PACKAGE: the source must compile, with the C compiler that comes with Swift if it is in PATH.
need_source() {
    local compiler
    compiler=$(command -v clang || command -v cc) || compiler=false
    printf '%s\n' "$2" | "$compiler" -x "$1" -fsyntax-only - 2>/dev/null || missing+=("$3")
}

need_swift() {
    command -v swift >/dev/null && return
    echo "setup: there is no swift in PATH. Install Swift 6.2 or later: https://www.swift.org/install/linux/" >&2
    exit 1
}

collect_for_demo() {
    need_swift
    need_command git git
    need_command make make
    need_command curl curl
    need_command nasm nasm
    need_command ld binutils
    need_source c '#include <stdlib.h>' libc6-dev
    need_source c++ '#include <string>' g++ # the C++ library that Swift itself needs, whatever its version here
    need_source c '#include <archive.h>' libarchive-dev
    need_source c '#include <Zydis/Zydis.h>' libzydis-dev
    need_source c '#include <sqlite3.h>' libsqlite3-dev
}

collect_for_test() {
    need_command gcc gcc
    need_command qemu-x86_64 qemu-user
    need_command aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
    need_command aarch64-linux-gnu-g++ g++-aarch64-linux-gnu
    need_command cmake cmake
    need_command go golang-go
    [ -e /usr/aarch64-linux-gnu/lib/libc.so.6 ] || missing+=(libc6-dev-arm64-cross)
    # What starts containers for podman is only recommended by its package.
    need_command podman podman
    need_command crun crun
    need_command zip zip
    need_command unzip unzip
    need_command python3 python3
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
}

collect_for_corpus() {
    need_command gcc gcc
    need_command g++ g++
    need_command musl-gcc musl-tools
    need_command go golang-go
    need_command nasm nasm
    need_command qemu-x86_64 qemu-user
    need_source c '#include <openssl/ssl.h>' libssl-dev
    need_source c '#include <zlib.h>' zlib1g-dev
    command -v rustc >/dev/null || missing+=(rustc)
}

install_missing() {
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "setup: missing, and there is no apt-get to install it: ${missing[*]} (Debian's names)" >&2
        exit 1
    fi
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "setup: missing: ${missing[*]}. As root: apt-get install ${missing[*]}" >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    echo "setup: installing with apt-get: ${missing[*]}"
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}")
    # Package lists that are there are usually good enough; they are fetched when the installation says otherwise.
    if ! "${as_root[@]}" "${install[@]}" </dev/null >/dev/null 2>&1; then
        "${as_root[@]}" apt-get update -q </dev/null
        "${as_root[@]}" "${install[@]}" </dev/null
    fi
}

# The venv is made anew when the list of packages changes, or when its Python is gone.
make_venv() {
    local venv=$1 wanted="${python_packages[*]}"
    if [ "$(cat "$venv/installed" 2>/dev/null)" = "$wanted" ] && "$venv/bin/python3" -c '' 2>/dev/null; then
        return
    fi
    echo "setup: installing into $venv: $wanted (half a minute, once)"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/python3" -m pip install --quiet --disable-pip-version-check --no-input "${python_packages[@]}"
    printf '%s\n' "$wanted" >"$venv/installed"
}

case "${1:-}:$#" in
demo:1)
    collect_for_demo
    install_missing
    ;;
test:2)
    collect_for_test
    install_missing
    make_venv "$2"
    ;;
corpus:1)
    collect_for_corpus
    install_missing
    ;;
*)
    echo "usage: scripts/setup.sh demo | test VENV | corpus" >&2
    exit 64
    ;;
esac
