#!/usr/bin/env bash
# Keeps the architecture: a target imports only what stands beside it in this table, and what it may use of the system.
# Prints each line that breaks a rule; exit 1 when there is one.
set -euo pipefail
cd "$(dirname "$0")/.."

# Target: the modules it may import besides Swift's own and the C library. The order is the architecture's: a target
# names only targets above itself.
allowed='
LambdaModel:
SampleEvents: LambdaModel Crypto
ProjectTemplates: LambdaModel
CLibArchive:
Archive: LambdaModel CLibArchive SystemPackage FoundationEssentials
CZydis:
Inspection: LambdaModel Archive CZydis Subprocess SystemPackage Crypto FoundationEssentials
SAMTemplate: LambdaModel Yams TOMLKit FoundationEssentials
FunctionBuild: LambdaModel Archive Inspection SAMTemplate TOMLKit Subprocess SystemPackage Crypto FoundationEssentials
CLauncher:
apus-launcher: CLauncher
Sandbox: LambdaModel CLauncher Subprocess SystemPackage
HTTPServer: NIOCore NIOPosix NIOHTTP1 DequeModule
ExecutionEnvironment: LambdaModel Sandbox HTTPServer NIOCore NIOPosix NIOHTTP1
FunctionPool: LambdaModel ExecutionEnvironment NIOCore NIOPosix DequeModule
EmulatorFrontDoor: LambdaModel Sandbox FunctionPool HTTPServer ExecutionEnvironment NIOCore NIOPosix NIOHTTP1
FunctionStore: LambdaModel GRDB SystemPackage FoundationEssentials
AsyncInvocation: LambdaModel ExecutionEnvironment FunctionStore NIOCore NIOPosix DequeModule
InvokeAPI: LambdaModel Archive FunctionPool FunctionStore AsyncInvocation HTTPServer ExecutionEnvironment SystemPackage Crypto NIOCore NIOPosix NIOHTTP1
SourceWatch: NIOConcurrencyHelpers
CommandProcess: ExecutionEnvironment NIOConcurrencyHelpers NIOCore NIOPosix
EmulatorCommand: LambdaModel ExecutionEnvironment EmulatorFrontDoor CommandProcess NIOCore
CStaticStart:
apus-rie: LambdaModel EmulatorFrontDoor CommandProcess EmulatorCommand CStaticStart NIOCore
CCPUProbe:
apus: LambdaModel SampleEvents ProjectTemplates Archive Inspection SAMTemplate FunctionBuild Sandbox HTTPServer ExecutionEnvironment FunctionPool EmulatorFrontDoor FunctionStore AsyncInvocation InvokeAPI SourceWatch CommandProcess EmulatorCommand CCPUProbe ArgumentParser NIOConcurrencyHelpers NIOCore NIOPosix FoundationEssentials
'
everywhere='Swift Synchronization Glibc Musl Darwin _Concurrency Dispatch'

broken=0
complain() {
    echo "$1"
    broken=1
}

# The table must keep its own rule: names of targets refer upwards only.
check_order() {
    local seen=' ' target modules module
    while IFS=: read -r target modules; do
        [ -n "$target" ] || continue
        for module in $modules; do
            [ -d "Sources/$module" ] || continue
            case "$seen" in
            *" $module "*) ;;
            *) complain "scripts/check-imports.sh: $target may not import $module, which stands below it" ;;
            esac
        done
        seen="$seen$target "
    done <<<"$allowed"
}

# `import X`, `package import X`, `@testable import struct X.Y`: the module is X. Text between #""" and """# is data: the
# sources of other programs.
imports_of() {
    find "$1" -name '*.swift' -exec awk '/#"""$/ { data = 1 } !data { print FILENAME ":" FNR ":" $0 } /"""#/ { data = 0 }' {} + |
        grep -E '^[^:]*:[0-9]+:[[:space:]]*(@[A-Za-z_()]+[[:space:]]+)*((public|package|internal|fileprivate|private)[[:space:]]+)?import[[:space:]]' |
        sed -E 's/^([^:]*:[0-9]+):.*import[[:space:]]+((typealias|struct|class|enum|protocol|let|var|func)[[:space:]]+)?([A-Za-z_0-9]+).*/\1 \4/' || true
}

check_target() {
    local target=$1 place module
    if ! grep -q "^$target:" <<<"$allowed"; then
        complain "Sources/$target: not in the table of scripts/check-imports.sh; say there what it may import"
        return
    fi
    local modules
    modules=" $everywhere $(sed -n "s/^$target://p" <<<"$allowed") "
    while read -r place module; do
        [ -n "$place" ] || continue
        # All of Foundation only where FoundationEssentials does not exist as a module of its own.
        if [ "$module" = Foundation ] && grep -q 'canImport(FoundationEssentials)' "${place%%:*}"; then
            module=FoundationEssentials
        fi
        case "$modules" in
        *" $module "*) ;;
        *) complain "$place: $target may not import $module" ;;
        esac
    done < <(imports_of "Sources/$target")
}

# check_absent PATTERN MESSAGE PATH…
check_absent() {
    local pattern=$1 message=$2 line
    shift 2
    while IFS= read -r line; do
        complain "$line   <- $message"
    done < <(grep -rnE --include='*.swift' "$pattern" "$@" | grep -vE '^[^:]*:[0-9]+:[[:space:]]*//' || true)
}

# Linux's own system calls belong to the launcher and the sandbox; the rest must compile where Swift does.
check_linux_only() {
    local directory file
    for directory in Sources/*/; do
        case "$directory" in Sources/CLauncher/ | Sources/Sandbox/) continue ;; esac
        while IFS= read -r file; do
            grep -qE '#(else)?if .*(canImport\(Glibc\)|os\(Linux\))' "$file" ||
                complain "$file: imports Glibc without a way to compile elsewhere (#if canImport(Glibc))"
        done < <(grep -rlE --include='*.swift' '^[[:space:]]*([a-z]+[[:space:]]+)?import[[:space:]]+Glibc' "$directory" || true)
        while IFS= read -r file; do
            complain "$file: Linux's own headers belong to CLauncher and Sandbox"
        done < <(grep -rlE --include='*.[ch]' '#[[:space:]]*include[[:space:]]*<(linux/|sys/(prctl|epoll|signalfd|eventfd)\.h)' "$directory" || true)
    done
}

check_order
for directory in Sources/*/; do check_target "$(basename "$directory")"; done
check_absent '\btry!' 'no try!: say what failed' Sources Tests
check_absent '\bfatalError\(' 'no trap on input: throw an error' Sources
check_linux_only

[ "$broken" -eq 0 ] && echo "imports: every target keeps to the architecture"
exit "$broken"
