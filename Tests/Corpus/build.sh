#!/usr/bin/env bash
# Builds the corpus: build.sh OUT puts OUT/<language>-<program>-<target>-<link>[-s]; `-s` means stripped.
# Needs gcc, g++, musl-gcc, clang, nasm, go, rustc, swiftc, OpenSSL's and zlib's static libraries. What cannot be built is
# named and left out.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:?usage: build.sh OUT}"
out=$(cd "$1" && pwd)
log=$out.build.log
: >"$log"
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
# The toolchain's own clang lies beside swiftc.
tools=$(dirname "$(readlink -f "$(command -v swiftc || echo /usr/bin/clang)")")
levels='x86-64 x86-64-v2 haswell skylake-avx512'
cd "$here/src" || exit 2

# build NAME COMPILER ARGUMENT…: the place of the output comes where {} stands, or at the end.
build() {
    local name=$1 argument
    local -a command=()
    shift
    for argument in "$@"; do
        if [ "$argument" = '{}' ]; then command+=(-o "$out/$name"); else command+=("$argument"); fi
    done
    case " $* " in *' {} '*) ;; *) command+=(-o "$out/$name") ;; esac
    "${command[@]}" 2>>"$log" || echo "not built: $name"
}

strip_copies() {
    local name
    for name in "$@"; do
        if [ -f "$out/$name" ]; then strip -o "$out/$name-s" "$out/$name" 2>>"$log"; fi
    done
}

whole_programs_in_c() {
    local m
    for m in $levels; do
        build "gcc-app-$m-dyn" gcc -O2 "-march=$m" app.c -lm
        build "gcc-app-$m-static" gcc -O2 "-march=$m" -static app.c -lm
        build "gccO3-app-$m-dyn" gcc -O3 -g "-march=$m" app.c -lm
        build "musl-app-$m-static" musl-gcc -O2 "-march=$m" -static app.c -lm
        build "clang-app-$m-dyn" "$tools/clang" -O2 "-march=$m" app.c -lm
        build "gcc-app-$m-spie" gcc -O2 "-march=$m" -static-pie app.c -lm
        build "cpp-app-$m-dyn" g++ -O2 "-march=$m" app.cpp
        build "cpp-app-$m-static" g++ -O2 "-march=$m" -static app.cpp
        strip_copies "gcc-app-$m-dyn" "gcc-app-$m-static" "cpp-app-$m-static" "musl-app-$m-static"
    done
}

# A baseline program with one function for a newer CPU: behind a check, or not.
single_functions_in_c() {
    local p
    for p in disp_builtin disp_clones disp_ptr one_avx2 one_avx2_ptr rare_avx2; do
        build "gcc-$p-x86-64-dyn" gcc -O2 "$p.c"
        build "gcc-$p-x86-64-static" gcc -O2 -static "$p.c"
        strip_copies "gcc-$p-x86-64-dyn" "gcc-$p-x86-64-static"
        if [ "$p" != disp_clones ]; then build "clang-$p-x86-64-dyn" "$tools/clang" -O2 "$p.c"; fi
    done
    for m in x86-64 haswell; do
        build "gcc-ssl-$m-static" gcc -O2 "-march=$m" ssl.c -static -lssl -lcrypto -lz -ldl -lpthread
        strip_copies "gcc-ssl-$m-static"
    done
}

rust() {
    local m
    for m in $levels; do
        build "rs-app-$m-dyn" rustc -O -C "target-cpu=$m" app.rs
        build "rs-app-$m-static" rustc -O -C "target-cpu=$m" -C target-feature=+crt-static app.rs
        build "rs-app-$m-dbg" rustc -C "target-cpu=$m" app.rs
        build "rs-app-$m-lto" rustc -O -C lto=fat -C codegen-units=1 -C panic=abort -C "target-cpu=$m" app.rs
        strip_copies "rs-app-$m-dyn" "rs-app-$m-static" "rs-app-$m-lto"
    done
    build rs-disp-x86-64-dyn rustc -O disp.rs
    build rs-disp-x86-64-static rustc -O -C target-feature=+crt-static disp.rs
    build rs-disp-haswell-dyn rustc -O -C target-cpu=haswell disp.rs
    strip_copies rs-disp-x86-64-dyn rs-disp-x86-64-static rs-disp-haswell-dyn
}

go_programs() {
    local v p
    for v in v1 v2 v3; do
        for p in app http; do
            build "go-$p-$v-static" env CGO_ENABLED=0 "GOAMD64=$v" go build '{}' "$p.go"
            build "go-$p-$v-static-s" env CGO_ENABLED=0 "GOAMD64=$v" go build -ldflags '-s -w' '{}' "$p.go"
        done
    done
}

swift_programs() {
    local m p
    local -a flags
    for m in x86-64 haswell; do
        flags=()
        if [ "$m" = haswell ]; then flags=(-Xcc -march=haswell -Xfrontend -target-cpu -Xfrontend haswell); fi
        for p in app appf; do
            build "swift-$p-$m-dyn" swiftc -O ${flags[@]+"${flags[@]}"} "$p.swift"
            build "swift-$p-$m-ststd" swiftc -O ${flags[@]+"${flags[@]}"} -static-stdlib "$p.swift"
            strip_copies "swift-$p-$m-dyn" "swift-$p-$m-ststd"
        done
        build "swift-app-$m-static" swiftc -O ${flags[@]+"${flags[@]}"} -static-executable app.swift
        strip_copies "swift-app-$m-static"
    done
}

assembly() {
    nasm -f elf64 avx.asm -o "$objects/avx.o" && build nasm-avx ld "$objects/avx.o"
    nasm -f elf64 int80.asm -o "$objects/int80.o" && build nasm-int80 ld "$objects/int80.o"
    strip_copies nasm-avx
}

whole_programs_in_c
single_functions_in_c
rust
go_programs
swift_programs
assembly
echo "$(find "$out" -type f | wc -l) programs in $out"
