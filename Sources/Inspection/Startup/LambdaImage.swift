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
    /// What earlier versions of the runtime had, where that was less: a function that is pinned to one, and regions that
    /// are updated late, still have it.
    package var olderGLIBCXX: SymbolVersion?
    package var olderCXXABI: SymbolVersion?
    /// Libraries that are there. One that is not named here may be there too.
    package var libraries: Set<String>

    /// glibc 2.34 (Amazon Linux 2023 user guide, "glibc, gcc, binutils"); libstdc++ of gcc 11 until release
    /// 2023.7.20250331, of gcc 14 since.
    package static let al2023 = LambdaImage(
        name: "Amazon Linux 2023",
        runtime: "provided.al2023",
        glibc: SymbolVersion(2, 34),
        glibcxx: SymbolVersion(3, 4, 33),
        cxxabi: SymbolVersion(1, 3, 15),
        olderGLIBCXX: SymbolVersion(3, 4, 29),
        olderCXXABI: SymbolVersion(1, 3, 13),
        libraries: ofBoth.union(onlyAL2023)
    )

    /// glibc 2.26, gcc 7's libstdc++ 6.0.24 (Amazon Linux 2).
    package static let al2 = LambdaImage(
        name: "Amazon Linux 2",
        runtime: "provided.al2",
        glibc: SymbolVersion(2, 26),
        glibcxx: SymbolVersion(3, 4, 24),
        cxxabi: SymbolVersion(1, 3, 11),
        libraries: ofBoth.union(onlyAL2)
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
}
