import LambdaModel

/// A value that changes when anyone touches the artifact: names, kinds, permissions, link targets and stamps of its files.
enum ArtifactStamp {
    /// `nil` if there is no such directory.
    static func of(_ directory: String) -> String? {
        guard Directory.isDirectory(directory), let tree = try? SourceTree.artifact(directory) else { return nil }
        return of(tree)
    }

    static func of(_ tree: SourceTree) -> String {
        var digest = ContentDigest()
        for entry in tree.entries {
            digest.add(entry.path)
            digest.add(String(entry.permissions, radix: 8))
            switch entry.kind {
            case .directory: digest.add("directory")
            case .link(let target): digest.add("link " + target)
            case .file: digest.add("file " + entry.stamp.text)
            }
        }
        return digest.finished()
    }
}
