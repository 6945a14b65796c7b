#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Walks through the directories of a package. Symbolic links to directories are not followed, so it comes to an end.
struct PackageSearch {
    /// Files and directories that are looked at in all roots together; a package of Lambda has room for about that many.
    static let maximumEntries = 50_000
    static let maximumDepth = 64

    private(set) var artifacts: [PackageContents.Artifact] = []
    private(set) var omissions: [String] = []
    private var entries = 0

    /// Takes the next root; the ones before it win where two hold a bootstrap or an extension of one name.
    mutating func look(in root: PackageContents.Root) {
        guard FileFacts(path: root.path)?.kind == .directory else {
            omissions.append("\(Printable.text(root.path)) is no directory")
            return
        }
        var found: [PackageContents.Artifact] = []
        look(in: "", of: root, depth: 0, &found)
        artifacts.append(contentsOf: found)
        artifacts.sort { Self.rank($0) < Self.rank($1) }
    }

    private mutating func look(
        in directory: String,
        of root: PackageContents.Root,
        depth: Int,
        _ found: inout [PackageContents.Artifact]
    ) {
        guard depth < Self.maximumDepth, entries < Self.maximumEntries else {
            let omission =
                "not everything was looked at: more than \(Self.maximumEntries) files or \(Self.maximumDepth) levels"
            if !omissions.contains(omission) { omissions.append(omission) }
            return
        }
        for name in Self.names(in: root.path + directory) {
            entries += 1
            let relative = directory + "/" + name
            if Self.isDirectory(root.path + relative) {
                look(in: relative, of: root, depth: depth + 1, &found)
            } else if let artifact = ArtifactReader.artifact(
                path: root.path + relative,
                shownPath: root.lambdaPath + relative,
                role: role(relative, in: root)
            ) {
                found.append(artifact)
            }
        }
    }

    /// Lambda looks for the bootstrap in /var/task, then in /opt; extensions lie directly in /opt/extensions.
    private func role(_ relative: String, in root: PackageContents.Root) -> PackageContents.Artifact.Role {
        let shown = root.lambdaPath + relative
        let isTaken = artifacts.contains {
            $0.shownPath == shown || (relative == "/bootstrap" && $0.role == .bootstrap)
        }
        if isTaken { return .file }
        if relative == "/bootstrap" { return .bootstrap }
        if shown.hasPrefix("/opt/extensions/"), relative.split(separator: "/").count == 2 { return .extension }
        return .file
    }

    private static func rank(_ artifact: PackageContents.Artifact) -> (Int, String) {
        switch artifact.role {
        case .bootstrap: (0, artifact.shownPath)
        case .extension: (1, artifact.shownPath)
        case .file: (2, artifact.shownPath)
        }
    }

    /// Not following links.
    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Sorted; at most `maximumEntries`.
    private static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var result: [String] = []
        while result.count < maximumEntries, let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { result.append(name) }
        }
        return result.sorted()
    }
}
