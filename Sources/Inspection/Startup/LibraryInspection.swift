/// Whether the loader finds, on Lambda, what an ELF file asks for.
struct LibraryInspection {
    let artifact: PackageContents.Artifact
    let contents: PackageContents
    let program: ELFImage
    let image: LambdaImage

    var findings: [StartupFinding] {
        loader + libraries + versions
    }

    /// What a bootstrap lacks keeps it from starting; a library in the package may never be loaded.
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

    private var loader: [StartupFinding] {
        guard let path = program.interpreter, !image.hasLoader(path), !isPackaged(path) else { return [] }
        let built =
            path.contains("ld-musl")
            ? "it was built against musl (Alpine), and Lambda's \(image.name) has no musl loader"
            : "Lambda's \(image.name) does not have it"
        return [
            finding(
                severity,
                "loader.missing",
                "it asks for the dynamic loader \(path): \(built)",
                ["link it statically (-static; Rust: -C target-feature=+crt-static)", "build it against glibc"]
            )
        ]
    }

    private func isPackaged(_ path: String) -> Bool {
        contents.roots.contains { root in
            path.hasPrefix(root.lambdaPath + "/")
                && FileFacts(path: root.path + path.dropFirst(root.lambdaPath.count)) != nil
        }
    }

    // MARK: Libraries

    private var libraries: [StartupFinding] {
        // With another loader than glibc's these names mean nothing here.
        guard let dynamic = program.dynamic, program.interpreter.map(image.hasLoader) ?? true else { return [] }
        return Set(dynamic.needed).sorted().prefix(50).compactMap { name in
            image.libraries.contains(name) ? nil : library(name, dynamic)
        }
    }

    private func library(_ name: String, _ dynamic: ELFDynamic) -> StartupFinding? {
        if name.contains("/") { return isPackaged(name) ? nil : missing(name, isCertain: true) }
        if isInSearchPath(name, dynamic) { return nil }
        if let stray = contents.artifacts.first(where: { $0.shownPath.hasSuffix("/" + name) }) {
            return finding(
                severity,
                "library.not-found",
                "it needs \(name), which is in the package as \(stray.shownPath), where the loader does not look",
                ["put it into lib/ of the package or of a layer", "link with -Wl,-rpath,'$ORIGIN/…'"]
            )
        }
        // A file alone says nothing about the package that it will lie in.
        return contents.roots.isEmpty && !Self.neverThere(name) ? nil : missing(name, isCertain: Self.neverThere(name))
    }

    private func missing(_ name: String, isCertain: Bool) -> StartupFinding {
        finding(
            isCertain ? severity : .warning,
            "library.missing",
            "it needs \(name), which is "
                + (isCertain ? "not in the package" : "neither in the package nor known to be in")
                + (isCertain ? " or in " : " ") + "Lambda's \(image.name)",
            ["put it into lib/ of the package or of a layer", "link it statically"]
                + (name.hasPrefix("libswift") ? ["build with swift build --static-swift-stdlib"] : [])
        )
    }

    /// Runtimes of languages that no image of Lambda has.
    private static func neverThere(_ name: String) -> Bool {
        ["libswift", "libFoundation", "lib_Foundation", "libc.musl", "libc++", "libgo.so", "libgfortran", "libphobos"]
            .contains { name.hasPrefix($0) }
    }

    /// LD_LIBRARY_PATH as Lambda sets it, and the file's own run path.
    private func isInSearchPath(_ name: String, _ dynamic: ELFDynamic) -> Bool {
        var directories = ["/var/task", "/var/task/lib", "/opt/lib"]
        let origin = artifact.shownPath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        for entry in (dynamic.runpath ?? dynamic.rpath ?? "").split(separator: ":").prefix(50) {
            let path = entry.replacing("${ORIGIN}", with: origin).replacing("$ORIGIN", with: origin)
            directories.append(String(path))
        }
        return directories.contains { directory in
            contents.roots.contains { root in
                guard let path = Self.path("\(directory)/\(name)", below: root.lambdaPath) else { return false }
                return FileFacts(path: root.path + path) != nil
            }
        }
    }

    /// The part of a path below a directory, `..` taken out; `nil` when it leads elsewhere.
    private static func path(_ path: String, below directory: String) -> String? {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        let whole = parts.map { "/" + $0 }.joined()
        return whole.hasPrefix(directory + "/") ? String(whole.dropFirst(directory.count)) : nil
    }

    // MARK: Versions

    private var versions: [StartupFinding] {
        let needs = program.versionNeeds.filter { need in
            !contents.artifacts.contains { $0.shownPath.hasSuffix("/" + need.library) }
        }
        let versions = needs.flatMap(\.versions)
        return [
            tooNew(versions, "GLIBC", image.glibc, "glibc", glibcFixes),
            tooNew(versions, "GLIBCXX", image.glibcxx, "libstdc++", libraryFixes),
            tooNew(versions, "CXXABI", image.cxxabi, "libstdc++", libraryFixes),
        ].compactMap { $0 }
    }

    private func tooNew(
        _ versions: [String],
        _ prefix: String,
        _ limit: SymbolVersion,
        _ library: String,
        _ fixes: [String]
    ) -> StartupFinding? {
        guard let highest = versions.compactMap({ SymbolVersion($0, prefix: prefix) }).max(), highest > limit else {
            return nil
        }
        return finding(
            severity,
            library == "glibc" ? "glibc.too-new" : "libstdcxx.too-new",
            "it needs \(prefix)_\(highest), but Lambda's \(image.name) has \(prefix)_\(limit): "
                + "it was built on a newer system",
            fixes
        )
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
