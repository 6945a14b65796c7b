/// How a source file is shown.
enum SourcePath {
    /// The path relative to the innermost of the directories that hold it, else as it is; `.` and `..` are resolved
    /// in the text alone.
    static func short(_ path: String, in directories: [String]) -> String {
        let parts = resolved(path)
        var best = parts
        for directory in directories where directory.hasPrefix("/") {
            let prefix = resolved(directory)
            if parts.count > prefix.count, parts.starts(with: prefix), parts.count - prefix.count < best.count {
                best = Array(parts.dropFirst(prefix.count))
            }
        }
        if best.count < parts.count { return best.joined(separator: "/") }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    private static func resolved(_ path: String) -> [Substring] {
        var result: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = result.last, last != ".." { result.removeLast() } else { result.append(part) }
        }
        return result
    }
}
