import LambdaModel

/// The Rust sources of a function: the package or workspace in its code's directory, and what lies around it that cargo
/// will read: the workspace above, packages beside it, configuration files.
struct CargoProject {
    /// Real path of the directory with the `Cargo.toml`.
    let directory: String
    /// The manifest that profiles are taken from.
    let workspace: CargoFile
    /// Configuration files in cargo's order, the nearest first.
    let configurations: [CargoFile]
    /// Real paths of directories whose files go into the build; none lies in another one.
    let roots: [String]

    /// Bounds a walk through manifests that name each other.
    private static let maximumManifests = 500

    init(_ request: BuildRequest, source: String, environment: [String: String]) throws(ApusError) {
        guard let manifest = CargoFile(path: source + "/Cargo.toml") else {
            throw ApusError(
                .buildInvalid,
                "no Cargo.toml at '\(source)/Cargo.toml'",
                hint: "With BuildMethod rust-cargolambda CodeUri is the directory of the package's Cargo.toml."
            )
        }
        directory = source
        workspace = Self.workspace(of: manifest)
        configurations = Self.configurations(source, environment)
        roots = Self.roots(manifest, workspace)
    }

    var manifestPath: String { directory + "/Cargo.toml" }

    /// What earlier builds left in the sources' own `target` directories is no source.
    var targetDirectories: Set<String> {
        Set((roots + [directory]).map { $0 + "/target" }.filter { Directory.exists($0 + "/CACHEDIR.TAG") })
    }

    /// Whether the user has set this for a profile, in a manifest, a configuration file or the environment.
    func hasProfileSetting(_ key: String, profile: String, environment: [String: String]) -> Bool {
        let variable = "CARGO_PROFILE_\(profile.uppercased())_\(CargoCommand.variableName(key))"
        return environment[variable] != nil
            || ([workspace] + configurations).contains { $0.profileKeys(profile).contains(key) }
    }

    /// The manifest with `[workspace]` that the package belongs to; its own where there is none.
    private static func workspace(of manifest: CargoFile) -> CargoFile {
        if manifest.isWorkspaceRoot { return manifest }
        if let path = manifest.workspacePath {
            return CargoFile(path: Paths.resolve(path, from: manifest.directory) + "/Cargo.toml") ?? manifest
        }
        var directory = Paths.parent(manifest.directory)
        while !directory.isEmpty {
            if let file = CargoFile(path: directory + "/Cargo.toml"), file.isWorkspaceRoot { return file }
            directory = Paths.parent(directory)
        }
        return manifest
    }

    /// `.cargo/config.toml` (or `config`) in the directory and those above it, then cargo's home.
    private static func configurations(_ source: String, _ environment: [String: String]) -> [CargoFile] {
        var directories: [String] = []
        var directory = source
        while !directory.isEmpty {
            directories.append(directory + "/.cargo")
            directory = Paths.parent(directory)
        }
        directories.append("/.cargo")
        let home = environment["CARGO_HOME"] ?? environment["HOME"].map { $0 + "/.cargo" }
        if let home, !directories.contains(home) { directories.append(home) }
        // cargo prefers the name without an extension where both exist.
        return directories.compactMap { CargoFile(path: $0 + "/config") ?? CargoFile(path: $0 + "/config.toml") }
    }

    private static func roots(_ manifest: CargoFile, _ workspace: CargoFile) -> [String] {
        var roots = [workspace.directory]
        var waiting = [manifest, workspace]
        var seen: Set<String> = [manifest.path, workspace.path]
        if Paths.relative(manifest.directory, in: workspace.directory) == nil { roots.append(manifest.directory) }
        while let file = waiting.popLast(), seen.count < maximumManifests {
            for path in file.localPaths {
                guard let directory = Directory.realPath(Paths.resolve(path, from: file.directory)),
                    let next = CargoFile(path: directory + "/Cargo.toml"), seen.insert(next.path).inserted
                else { continue }
                waiting.append(next)
                if !roots.contains(where: { Paths.relative(directory, in: $0) != nil }) { roots.append(directory) }
            }
        }
        return roots
    }
}
