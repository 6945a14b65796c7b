import Testing

@testable import Inspection

@Suite struct SymbolNameTests {
    @Test(arguments: [
        ("_ZN4main8checksum17hd80b86cbae4a0075E", "main::checksum"),
        ("_ZN3app7handler28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE", "app::handler::{{closure}}"),
        (
            "_ZN47_$LT$app..Event$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
            "<app::Event as core::fmt::Debug>::fmt"
        ),
        ("main::checksum::hd80b86cbae4a0075", "main::checksum"),
        ("_$LT$app..Event$GT$::run::hd80b86cbae4a0075", "<app::Event>::run"),
        // C++, not Rust: no hash.
        ("_ZN4main8checksumEv", "_ZN4main8checksumEv"),
        ("_ZNSt6vectorIiSaIiEE9push_backEOi", "_ZNSt6vectorIiSaIiEE9push_backEOi"),
        ("main::h", "main::h"),
        ("$s4main6handleyS2iF", "$s4main6handleyS2iF"),
        ("", ""),
        ("_ZN99999999999999999999aE", "_ZN99999999999999999999aE"),
        ("_ZN0E", "_ZN0E"),
        ("_ZN17h0123456789abcdefE", "_ZN17h0123456789abcdefE"),
        ("_ZN5$u1b$3abc17h0123456789abcdefE", "$u1b$::abc"),
    ])
    func makesNamesReadable(name: String, readable: String) {
        #expect(SymbolName.readable(name) == readable)
    }

    @Test func cutsEndlessNames() {
        #expect(SymbolName.readable(String(repeating: "f", count: 100_000)).count == 512)
    }

    @Test(arguments: [
        ("/home/u/app/src/main.rs", ["/home/u/app"], "src/main.rs"),
        ("/home/u/app/src/main.rs", ["/home/u", "/home/u/app/"], "src/main.rs"),
        ("/home/u/app/./src/../src/main.rs", ["/home/u/app"], "src/main.rs"),
        ("/home/u/apple/main.rs", ["/home/u/app"], "/home/u/apple/main.rs"),
        ("src/main.rs", ["/home/u/app"], "src/main.rs"),
        ("./main.c", [], "main.c"),
        ("/../../main.c", ["relative"], "/../../main.c"),
        ("/main.c", [""], "/main.c"),
    ])
    func shortensPaths(path: String, directories: [String], short: String) {
        #expect(SourcePath.short(path, in: directories) == short)
    }

    @Test(arguments: [
        ("/rustc/5980/library/core/src/slice/iter/macros.rs", "next", true),
        ("/root/.cargo/registry/src/index.crates.io-1/serde-1.0/src/lib.rs", "serde::de", true),
        ("/home/u/.cargo/git/checkouts/x/src/lib.rs", "x::f", true),
        ("./nptl/pthread_kill.c", "__pthread_kill", true),
        ("../sysdeps/posix/raise.c", "raise", true),
        ("/usr/include/c++/12/bits/stl_vector.h", "std::vector", true),
        ("/usr/lib/go-1.19/src/runtime/panic.go", "runtime.throw", true),
        ("/home/u/sdk/go1.22/src/runtime/panic.go", "runtime.throw", true),
        ("/home/u/go/pkg/mod/github.com/a/b@v1/c.go", "github.com/a/b.C", true),
        ("/home/u/app/.build/checkouts/swift-nio/Sources/NIO/a.swift", "$s3NIO", true),
        ("/<compiler-generated>", "$s4main", true),
        (nil, "abort", true),
        (nil, "__GI_raise", true),
        (nil, "std::process::abort", true),
        (nil, "<alloc::vec::Vec<T> as core::ops::Index>::index", true),
        (nil, "$ss17_assertionFailure__4file4line5flagss5NeverO", true),
        (nil, "Swift runtime failure: arithmetic overflow", true),
        ("/home/u/app/src/main.rs", "main::checksum", false),
        ("./main.c", "main", false),
        ("/home/u/app/main.go", "main.work", false),
        ("/home/u/app/Sources/main.swift", "$s4main6handle", false),
        (nil, "handler", false),
        (nil, "<app::Event as core::fmt::Debug>::fmt", false),
        (nil, "memory_pool_init", false),
    ])
    func tellsTheUsersCode(file: String?, function: String, isForeign: Bool) {
        #expect(SourceFrame(function: function, file: file, line: 1).isForeign == isForeign)
    }

    @Test(arguments: [
        ("/lib/x86_64-linux-gnu/libc.so.6", true), ("/usr/lib/swift/linux/libswiftCore.so", true),
        ("/var/task/lib/libstdc++.so.6", true), ("[vdso]", true), ("/lib64/ld-linux-x86-64.so.2", true),
        ("/var/task/bootstrap", false), ("/opt/lib/libimage.so", false), ("/var/task/libcurl.so.4", false),
    ])
    func tellsRuntimeLibraries(path: String, isForeign: Bool) {
        #expect(FrameOrigin.isForeign(module: path) == isForeign)
    }
}
