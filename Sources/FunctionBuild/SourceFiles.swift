import LambdaModel

/// The files at the top of a code's directory, and the compilation that a method makes of them.
struct SourceFiles {
    /// Real path.
    let directory: String
    /// Of files, in byte order.
    let names: [String]

    init(directory: String) throws(ApusError) {
        self.directory = directory
        names = try Directory.names(directory).filter { !Directory.isDirectory(directory + "/" + $0) }
    }

    /// - Parameter method: one that Apus compiles, Rust aside.
    func sources(
        for method: BuildMethod,
        _ environment: [String: String]
    ) throws(ApusError) -> any CompiledSources {
        switch method {
        case .go:
            let build = GoBuild(directory: directory, names: names, environment: environment)
            if build.project.module == nil { try require(build.sources, "go.mod and no .go file") }
            return build
        case .swift:
            let build = SwiftBuild(directory: directory, names: names)
            if !names.contains("Package.swift") { try require(build.sources, "Package.swift and no .swift file") }
            return build
        case .zig: return try ZigBuild(directory: directory, names: names)
        case .nasm:
            return NASMBuild(directory: directory, sources: try sources(NASMBuild.suffixes, "file *.asm or *.nasm"))
        case .gas: return GASBuild(directory: directory, sources: try sources(GASBuild.suffixes, "file *.s or *.S"))
        default:
            if names.contains("CMakeLists.txt") { return CMakeBuild(directory: directory) }
            if names.contains("Makefile") { return PlainMakeBuild(directory: directory) }
            return CBuild(
                directory: directory,
                sources: try sources(CBuild.suffixes, "CMakeLists.txt, no Makefile and no C file")
            )
        }
    }

    private func sources(_ suffixes: [String], _ expected: String) throws(ApusError) -> [String] {
        let found = names.filter { name in suffixes.contains { name.hasSuffix($0) } }
        try require(found, expected)
        return found
    }

    private func require(_ found: [String], _ expected: String) throws(ApusError) {
        guard found.isEmpty else { return }
        throw ApusError(
            .buildInvalid,
            "there is no \(expected) in '\(directory)'",
            hint: "CodeUri is the directory of the sources; correct it, or the BuildMethod."
        )
    }
}
