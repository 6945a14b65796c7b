import SystemPackage

/// Path arithmetic without touching the file system.
enum Paths {
    /// `path`, from `directory` if it is relative, without `.`, `..` and doubled slashes.
    static func resolve(_ path: String, from directory: String) -> String {
        FilePath(directory).pushing(FilePath(path)).lexicallyNormalized().string
    }

    /// `path` relative to `directory`, if it lies in it: "" for the directory itself.
    static func relative(_ path: String, in directory: String) -> String? {
        if path == directory { return "" }
        let prefix = directory.hasSuffix("/") ? directory : directory + "/"
        guard path.utf8.starts(with: prefix.utf8) else { return nil }
        return String(path.dropFirst(prefix.count))
    }

    static func join(_ directory: String, _ name: String) -> String {
        name.isEmpty ? directory : directory + "/" + name
    }

    /// Whether a link's target, walked from the directory `start` (relative to a root), stays in the root by its text.
    static func staysInside(_ target: String, from start: String) -> Bool {
        guard !target.hasPrefix("/") else { return false }
        var depth = start.split(separator: "/").count
        for component in target.split(separator: "/") where component != "." {
            depth += component == ".." ? -1 : 1
            guard depth >= 0 else { return false }
        }
        return true
    }

    /// The relative path that leads from the directory `start` to `target`, both relative to one root.
    static func path(from start: String, to target: String) -> String {
        var from = start.split(separator: "/")[...]
        var to = target.split(separator: "/")[...]
        while let first = from.first, first == to.first {
            from = from.dropFirst()
            to = to.dropFirst()
        }
        let parts = Array(repeating: "..", count: from.count) + to.map(String.init)
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    static func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
