/// Whether the loader finds, on Lambda, what an ELF file asks for.
struct LibraryInspection {
    let artifact: PackageContents.Artifact
    let contents: PackageContents
    let program: ELFImage
    let image: LambdaImage

    var findings: [StartupFinding] {
        guard program.dynamic != nil || program.interpreter != nil else { return [] }
        return loader + libraries + versions
    }

    /// What a bootstrap lacks keeps it from starting; a file of the package may never be loaded, or only after the
    /// library that it needs.
    private var severity: StartupFinding.Severity { artifact.role == .file ? .warning : .error }

    private func finding(
        _ severity: StartupFinding.Severity,
        _ code: String,
        _ message: String,
        _ fixes: [String]
    ) -> StartupFinding {
        StartupFinding(severity, code, file: artifact.shownPath, message, fixes: fixes)
    }

    // MARK: Loader

    /// A packaged loader brings a C library of its own, of which nothing is known here.
    private var hasPackagedLoader: Bool { program.interpreter.map { contents.localPath(of: $0) != nil } ?? false }

    private var loader: [StartupFinding] {
        guard let path = program.interpreter, !image.hasLoader(path), !hasPackagedLoader else { return [] }
        return [Self.missingLoader(path, severity, artifact, image)]
    }

    /// Nothing starts without the loader that it asks for.
    static func missingLoader(
        _ path: String,
        _ severity: StartupFinding.Severity,
        _ artifact: PackageContents.Artifact,
        _ image: LambdaImage
    ) -> StartupFinding {
        let reason =
            path.contains("ld-musl")
            ? "it was built against musl (Alpine), and Lambda's \(image.name) has no musl loader"
            : path.hasPrefix("/nix/") || path.hasPrefix("/gnu/")
                ? "it was built with Nix or Guix, whose loader Lambda does not have"
                : "Lambda's \(image.name) does not have it"
        return StartupFinding(
            severity,
            "loader.missing",
            file: artifact.shownPath,
            "it asks for the dynamic loader \(path): \(reason)",
            fixes: ["link it statically (-static; Rust: -C target-feature=+crt-static)", "build it against glibc"]
        )
    }

    // MARK: Libraries

    private var libraries: [StartupFinding] {
        // With another loader than glibc's these names mean nothing here.
        guard let dynamic = program.dynamic, program.interpreter.map(image.hasLoader) ?? true else { return [] }
        let paths = LibraryPaths(dynamic: dynamic, artifact: artifact, contents: contents)
        return Set(dynamic.needed).sorted().prefix(50).compactMap { name in
            image.libraries.contains(name) ? nil : library(name, paths)
        }
    }

    private func library(_ name: String, _ paths: LibraryPaths) -> StartupFinding? {
        if paths.finds(name) { return nil }
        if let stray = contents.places[name] {
            return finding(
                artifact.role == .file ? .note : severity,
                "library.not-found",
                "it needs \(name), which is in the package as \(stray), where the loader does not look",
                ["put it into lib/ of the package or of a layer", "link with -Wl,-rpath,'$ORIGIN/…'"]
            )
        }
        let isCertain = Self.isNeverThere(name)
        // A file alone says nothing about the package that it will lie in.
        return contents.isFileAlone && !isCertain ? nil : missing(name, isCertain: isCertain)
    }

    private func missing(_ name: String, isCertain: Bool) -> StartupFinding {
        let package = contents.isFileAlone ? "" : "in the package or "
        let place =
            isCertain ? "not \(package)in" : "neither in the package nor known to be in"
        // A static standard library first: it is the shorter way.
        let swift = name.hasPrefix("libswift") ? ["build with swift build --static-swift-stdlib"] : []
        return finding(
            isCertain && !contents.isFileAlone ? severity : .warning,
            "library.missing",
            "it needs \(name), which is \(place) Lambda's \(image.name)",
            swift + ["put it into lib/ of the package or of a layer", "link it statically"]
        )
    }

    /// Runtimes of languages that no image of Lambda has.
    private static func isNeverThere(_ name: String) -> Bool {
        [
            "libswift", "libFoundation", "lib_Foundation", "libc.musl", "libc++.", "libc++abi.", "libgo.so",
            "libgfortran.", "libphobos", "libstd-",
        ].contains { name.hasPrefix($0) }
    }

    // MARK: Versions

    private var versions: [StartupFinding] {
        guard !hasPackagedLoader else { return [] }
        let needs = program.versionNeeds.filter { !isPackaged($0.library) }
        let versions = needs.flatMap(\.versions)
        let relocations = packedRelocations(versions)
        return relocations
            + [
                tooNew(versions, "GLIBC", image.glibc, older: nil, glibcFixes),
                tooNew(versions, "GLIBCXX", image.glibcxx, older: image.olderGLIBCXX, libraryFixes),
                tooNew(versions, "CXXABI", image.cxxabi, older: image.olderCXXABI, libraryFixes),
            ].compactMap { $0 }
    }

    /// Whether a library of the package is taken instead of the system's. LD_LIBRARY_PATH names /lib64 before the
    /// package, and both before DT_RUNPATH: only the old DT_RPATH comes earlier. What loads another file is not known, so
    /// there its mere presence counts.
    private func isPackaged(_ library: String) -> Bool {
        if artifact.role == .file { return contents.places[library] != nil }
        guard let dynamic = program.dynamic, dynamic.runpath == nil, dynamic.rpath != nil else { return false }
        return LibraryPaths(dynamic: dynamic, artifact: artifact, contents: contents).findsByOwnPath(library)
    }

    private func tooNew(
        _ versions: [String],
        _ prefix: String,
        _ limit: SymbolVersion,
        older: SymbolVersion?,
        _ fixes: [String]
    ) -> StartupFinding? {
        let highest = versions.compactMap { SymbolVersion($0, prefix: prefix) }.max()
        guard let highest, highest > older ?? limit else { return nil }
        let code = prefix == "GLIBC" ? "glibc.too-new" : "libstdcxx.too-new"
        guard highest > limit else {
            return finding(
                .warning,
                code,
                "it needs \(prefix)_\(highest), which Lambda's \(image.name) has only since 2025: a function that is "
                    + "pinned to an older version of the runtime has \(prefix)_\(older ?? limit)",
                fixes
            )
        }
        return finding(
            severity,
            code,
            "it needs \(prefix)_\(highest), but Lambda's \(image.name) has \(prefix)_\(limit): "
                + "it was built on a newer system",
            fixes
        )
    }

    /// The linker asks for this version where it packed the relative relocations (glibc 2.36, "DT_RELR support"); it is no
    /// number, and distributions have taken the support into older versions too.
    private func packedRelocations(_ versions: [String]) -> [StartupFinding] {
        guard versions.contains("GLIBC_ABI_DT_RELR"), image.glibc < SymbolVersion(2, 36) else { return [] }
        return [
            finding(
                image.glibc < SymbolVersion(2, 34) ? severity : .warning,
                "glibc.too-new",
                "it needs GLIBC_ABI_DT_RELR of glibc 2.36, but Lambda's \(image.name) has glibc \(image.glibc)",
                ["link with -Wl,-z,nopack-relative-relocs"] + glibcFixes
            )
        ]
    }

    private var glibcFixes: [String] {
        [
            "build it in an Amazon Linux container, or on a system with glibc \(image.glibc) or older",
            "link it statically (musl)",
            "Rust: cargo lambda build --target …-unknown-linux-gnu.\(image.glibc)",
        ]
    }

    private var libraryFixes: [String] {
        ["link with -static-libstdc++ -static-libgcc", "build it in an Amazon Linux container"]
    }
}
