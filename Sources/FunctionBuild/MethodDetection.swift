/// What the names of the files in a code's directory say about how it is built, where the template names no method.
struct MethodDetection: Equatable {
    let method: BuildMethod
    /// The file that decides, or a pattern; `nil` where nothing is recognised and the directory is copied.
    let because: String?

    /// As a template names it.
    var methodName: String? {
        let isCXX = [".cpp", ".cc", ".cxx"].contains { because?.hasSuffix($0) ?? false }
        return isCXX ? "cpp" : method.name
    }

    /// - Parameters:
    ///   - names: of the files at the top of the directory.
    ///   - bootstrapIsScript: whether there is a `bootstrap` that begins with `#!`; `nil` without a `bootstrap`.
    ///   - makefileHasTarget: whether the Makefile has the target `build-<LogicalId>`; `nil` without a Makefile.
    init(names: Set<String>, bootstrapIsScript: Bool? = nil, makefileHasTarget: Bool? = nil) {
        (method, because) =
            Self.decide(names, bootstrapIsScript: bootstrapIsScript, makefileHasTarget: makefileHasTarget)
    }

    /// First what says most about its author's will: SAM's target, a finished script, the manifest of a language. Sources
    /// without a manifest come after a finished `bootstrap`, since they may only lie beside it.
    private static func decide(
        _ names: Set<String>,
        bootstrapIsScript: Bool?,
        makefileHasTarget: Bool?
    ) -> (BuildMethod, String?) {
        if makefileHasTarget == true { return (.makefile, "Makefile") }
        if bootstrapIsScript == true { return (.shell, "bootstrap") }
        for (name, method) in manifests where names.contains(name) { return (method, name) }
        if bootstrapIsScript == false { return (.copy, nil) }
        for (suffixes, method) in sources {
            for suffix in suffixes where names.contains(where: { $0.hasSuffix(suffix) }) {
                return (method, "*" + suffix)
            }
        }
        return (.copy, nil)
    }

    private static let manifests: [(String, BuildMethod)] = [
        ("Cargo.toml", .rust), ("go.mod", .go), ("Package.swift", .swift), ("build.zig", .zig), ("CMakeLists.txt", .c),
    ]
    /// C before assembly: the C compiler takes assembly files along.
    private static let sources: [([String], BuildMethod)] = [
        ([".go"], .go), ([".swift"], .swift), ([".zig"], .zig), ([".cpp", ".cc", ".cxx", ".c"], .c),
        ([".asm", ".nasm"], .nasm), ([".s", ".S"], .gas),
    ]
}

extension MethodDetection {
    /// Looks into the directory.
    ///
    /// - Parameter makefileHasTarget: as above.
    init(directory: String, makefileHasTarget: Bool?) {
        let names = Set((try? Directory.names(directory)) ?? [])
        let bootstrap = directory + "/bootstrap"
        var isScript: Bool?
        if names.contains("bootstrap"), !Directory.isDirectory(bootstrap) {
            isScript = TextFile.start(of: bootstrap, count: 2) == Array("#!".utf8)
        }
        self.init(names: names, bootstrapIsScript: isScript, makefileHasTarget: makefileHasTarget)
    }
}

extension BuildMethod {
    /// The method for a directory of sources: the given one, or what the sources say. With a Makefile there the compiler's
    /// flags are the Makefile's affair, whichever target it has.
    package func resolved(forSourcesIn directory: String) -> BuildMethod {
        guard case .unspecified = self else { return self }
        let hasMakefile = Directory.exists(directory + "/Makefile")
        return MethodDetection(directory: directory, makefileHasTarget: hasMakefile).method
    }
}
