package import LambdaModel

/// What Lambda's operating system offers to a program of a custom runtime.
package struct LambdaImage: Sendable, Hashable {
    /// `Amazon Linux 2023`.
    package var name: String
    /// `provided.al2023`.
    package var runtime: String
    package var glibc: SymbolVersion
    package var glibcxx: SymbolVersion
    package var cxxabi: SymbolVersion
    /// Libraries that are there. One that is not named here may be there too.
    package var libraries: Set<String>

    /// glibc 2.34, gcc 11's libstdc++ (Amazon Linux 2023 release notes: glibc-2.34, gcc-11).
    package static let al2023 = LambdaImage(
        name: "Amazon Linux 2023",
        runtime: "provided.al2023",
        glibc: SymbolVersion(2, 34),
        glibcxx: SymbolVersion(3, 4, 29),
        cxxabi: SymbolVersion(1, 3, 13),
        libraries: ofGlibc.union([
            "libcrypto.so.3", "libssl.so.3", "libcurl.so.4", "libffi.so.8", "libcrypt.so.2", "libtinfo.so.6",
            "libreadline.so.8", "libpcre2-8.so.0", "libzstd.so.1", "libxml2.so.2", "libsqlite3.so.0",
            "libnghttp2.so.14", "libidn2.so.0", "libgmp.so.10",
        ])
    )

    /// glibc 2.26, gcc 7's libstdc++ (Amazon Linux 2).
    package static let al2 = LambdaImage(
        name: "Amazon Linux 2",
        runtime: "provided.al2",
        glibc: SymbolVersion(2, 26),
        glibcxx: SymbolVersion(3, 4, 24),
        cxxabi: SymbolVersion(1, 3, 11),
        libraries: ofGlibc.union([
            "libcrypto.so.10", "libssl.so.10", "libcurl.so.4", "libffi.so.6", "libcrypt.so.1", "libtinfo.so.6",
            "libreadline.so.6", "libpcre.so.1", "libxml2.so.2", "libsqlite3.so.0",
        ])
    )

    /// The image of a runtime; `provided.al2023` for anything that is not `provided.al2` or the older `provided`.
    package static func image(for runtime: FunctionRuntime?) -> LambdaImage {
        runtime == .providedAL2 || runtime == .provided ? .al2 : .al2023
    }

    /// Whether a loader (`PT_INTERP`) exists there.
    func hasLoader(_ path: String) -> Bool {
        ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib64/ld-linux-aarch64.so.1"].contains(path)
    }

    /// Whether a program for scripts exists there. Lambda's images are small: no perl, no python, no node.
    func hasInterpreter(_ path: String) -> Bool {
        let names = ["sh", "bash", "env", "gawk", "awk", "sed", "cat", "true", "false", "sort", "tee"]
        return names.contains { path == "/bin/\($0)" || path == "/usr/bin/\($0)" }
    }

    private static let ofGlibc: Set<String> = [
        "libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libresolv.so.2", "libutil.so.1",
        "libanl.so.1", "libnsl.so.1", "libBrokenLocale.so.1", "libthread_db.so.1", "libmvec.so.1",
        "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libgcc_s.so.1", "libstdc++.so.6", "libz.so.1", "libbz2.so.1",
        "liblzma.so.5", "linux-vdso.so.1",
    ]
}
