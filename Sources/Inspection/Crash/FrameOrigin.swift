/// Tells the user's own code from that of standard libraries and of packages that were downloaded: a diagnosis points at
/// what its reader can change.
enum FrameOrigin {
    /// Whether a source file belongs to a toolchain, the system or a package registry.
    static func isForeign(file: String) -> Bool {
        if file.isEmpty || file.hasPrefix("??") || file.contains("<compiler-generated>") || file.contains("<stdin>") {
            return true
        }
        // glibc is built with relative paths, and without a directory it is the runtime's own.
        let prefixes = [
            "../sysdeps/", "./", "../csu/", "../nptl/", "../stdlib/", "../libgcc/", "../sysdeps", "/rustc/",
            "library/std/", "library/core/", "library/alloc/", "/usr/include/", "/usr/lib/", "/usr/local/go/src/",
            "/usr/share/go", "/usr/src/", "/build/glibc",
        ]
        if prefixes.contains(where: file.hasPrefix) { return !isOwnRelative(file) }
        let parts = [
            "/.cargo/registry/", "/.cargo/git/", "/.rustup/", "/rustlib/src/", "/pkg/mod/", "/go/src/runtime/",
            "/swift/stdlib/", "/swift-corelibs-", "/libexec/src/", "/src/musl-", "/musl/src/", "/glibc-",
            "/gcc/libstdc++-v3/", "/libstdc++-v3/", "/.build/checkouts/", "/zig/lib/std/", "/lib/zig/std/",
            "/vendor/",
        ]
        return parts.contains(where: file.contains)
    }

    /// `./main.c` is a user's file, `./nptl/pthread_kill.c` is glibc's.
    private static func isOwnRelative(_ file: String) -> Bool {
        guard file.hasPrefix("./") else { return false }
        let glibc = [
            "nptl", "stdlib", "signal", "debug", "csu", "elf", "malloc", "string", "io", "misc", "posix", "assert",
        ]
        let first = file.dropFirst(2).prefix { $0 != "/" }
        return !glibc.contains(String(first))
    }

    /// Whether a function is a runtime's or standard library's, by its name (demangled or not).
    static func isForeign(function: String) -> Bool {
        let name = function.drop { $0 == "<" || $0 == "&" || $0 == "_" && function.hasPrefix("__") }
        if exact.contains(function) || exact.contains(String(name)) { return true }
        return prefixes.contains { function.hasPrefix($0) || name.hasPrefix($0) }
    }

    private static let exact: Set<String> = [
        "abort", "raise", "gsignal", "pthread_kill", "kill", "tgkill", "_start", "start_thread", "clone", "clone3",
        "libc_start_main", "libc_start_main_impl", "libc_start_call_main", "memcpy", "memmove", "memset",
        "memcmp", "strlen", "strcmp", "malloc", "free", "realloc", "calloc", "assert_fail", "stack_chk_fail",
        "chk_fail", "fortify_fail", "rust_start_panic", "rust_panic", "rust_begin_unwind", "rust_eh_personality",
        "rust_abort", "qsort", "bsearch", "a_crash", "kill_thread", "abort_msg",
    ]

    private static let prefixes: [String] = [
        // C and C++ runtimes.
        "__pthread_", "__GI_", "__libc_", "_IO_", "__assert", "__stack_chk", "__fortify", "__chk", "_nl_",
        "malloc_printerr",
        "_int_malloc", "_int_free", "sysmalloc", "unlink_chunk", "__mem", "__str", "_dl_", "pthread_",
        "std::", "__gnu_cxx::", "__cxxabiv1::", "__cxa_", "_Unwind_", "_ZNSt", "_ZSt", "operator new",
        "operator delete",
        // Rust.
        "core::", "alloc::", "_ZN3std", "_ZN4core", "_ZN5alloc", "__rust", "_RNvNtC", "hashbrown::",
        // Go.
        "runtime.", "runtime/", "sync.", "sync/", "reflect.", "internal/", "syscall.", "os.", "fmt.", "strconv.",
        "net/", "net.",
        "encoding/", "bytes.", "strings.", "sort.", "crypto/", "math.", "math/", "time.", "context.", "bufio.", "io.",
        // Swift.
        "swift_", "_swift_", "$sS", "$ss", "$s10Foundation", "Swift.", "swift::", "Swift runtime failure",
        "_assertionFailure",
        "_fatalErrorMessage", "_preconditionFailure",
    ]

    /// Whether a mapped file is the system's or a runtime's, not the function's own.
    static func isForeign(module path: String) -> Bool {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        if path.hasPrefix("[") || name.hasPrefix("linux-vdso") { return true }
        let runtimes = [
            "libc.so", "libc-2", "libc.musl", "ld-linux", "ld-musl", "ld-2", "libpthread", "libm.so", "libm-2", "libdl",
            "librt",
            "libgcc_s", "libstdc++", "libc++", "libswift", "libFoundation", "lib_FoundationICU", "libdispatch",
            "libBlocksRuntime", "libstd-", "libasan", "libtsan", "libubsan",
        ]
        return runtimes.contains(where: name.hasPrefix)
    }
}
