import LambdaModel
internal import TOMLKit

/// A `Cargo.toml` or a configuration file of cargo, as far as a build has to look into it beforehand. cargo itself says
/// what is wrong with one: here a file that cannot be read or is not TOML counts as empty.
struct CargoFile {
    /// Absolute path of the file.
    let path: String
    private let table: TOMLTable

    /// `nil` if there is no such file.
    init?(path: String) {
        guard Directory.exists(path), !Directory.isDirectory(path) else { return nil }
        self.path = path
        table = TextFile.text(path).flatMap { try? TOMLTable(string: $0) } ?? TOMLTable()
    }

    var directory: String { Paths.parent(path) }
    var isWorkspaceRoot: Bool { table["workspace"]?.table != nil }
    /// `package.workspace`, the place of the workspace's root where it is not above the package.
    var workspacePath: String? { table["package"]?.table?["workspace"]?.string }

    /// Settings of a profile, such as `lto` of `release`.
    func profileKeys(_ profile: String) -> Set<String> {
        Set(table["profile"]?.table?[profile]?.table?.keys ?? [])
    }

    /// `build.target` where it is a single one.
    var buildTarget: String? { table["build"]?.table?["target"]?.string }
    var buildFlags: [String]? { Self.flags(table["build"]?.table) }

    /// `target.<triple>.rustflags`.
    func targetFlags(_ triple: String) -> [String]? {
        Self.flags(table["target"]?.table?[triple]?.table)
    }

    /// The `rustflags` of every `target.'cfg(…)'`, since whether a condition holds is cargo's to know.
    var conditionalFlags: [String]? {
        guard let targets = table["target"]?.table else { return nil }
        let found = targets.keys.filter { $0.hasPrefix("cfg(") }.compactMap { Self.flags(targets[$0]?.table) }
        return found.isEmpty ? nil : found.flatMap { $0 }
    }

    func hasLinker(_ triple: String) -> Bool {
        guard let targets = table["target"]?.table else { return false }
        return targets.keys.contains { key in
            (key == triple || key.hasPrefix("cfg(")) && targets[key]?.table?["linker"] != nil
        }
    }

    /// Directories of dependencies and patches that are given by their path, as written.
    var localPaths: [String] {
        var paths: [String] = []
        Self.collectPaths(in: table, depth: 0, isDependency: false, into: &paths)
        return paths
    }

    private static func collectPaths(in table: TOMLTable, depth: Int, isDependency: Bool, into paths: inout [String]) {
        // target.'cfg(…)'.dependencies.NAME.path is the deepest of them.
        guard depth < 6 else { return }
        if isDependency, let path = table["path"]?.string { paths.append(path) }
        for key in table.keys {
            guard let inner = table[key]?.table else { continue }
            let leads = isDependency || key.hasSuffix("dependencies") || key == "patch" || key == "replace"
            collectPaths(in: inner, depth: depth + 1, isDependency: leads, into: &paths)
        }
    }

    /// A list of flags, or a text of flags with blanks between them.
    private static func flags(_ table: TOMLTable?) -> [String]? {
        guard let value = table?["rustflags"] else { return nil }
        if let text = value.string { return text.split(separator: " ").map(String.init) }
        return value.array?.compactMap { $0.string }
    }
}
