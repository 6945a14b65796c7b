#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Paths as text.
enum LexicalPath {
    /// The directory part; `.` for a bare name.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// `path` as seen from `directory`, without `.` components. `..` stays, because of symbolic links.
    static func join(_ directory: String, _ path: String) -> String {
        let joined = path.hasPrefix("/") || directory == "." ? path : directory + "/" + path
        let parts = joined.split(separator: "/").filter { $0 != "." }
        let body = parts.joined(separator: "/")
        if joined.hasPrefix("/") { return "/" + body }
        return body.isEmpty ? "." : body
    }

    /// An absolute path; links in it are resolved when it exists, and `..` in any case.
    static func absolute(_ path: String) -> String {
        if let resolved = realpath(path, nil) {
            defer { free(resolved) }
            return String(cString: resolved)
        }
        guard path.utf8.count <= 4_096 else { return normalized(path) }
        guard let slash = path.lastIndex(of: "/") else { return normalized(workingDirectory + "/" + path) }
        // The part that exists decides where `..` leads.
        let parent = slash == path.startIndex ? "/" : absolute(String(path[..<slash]))
        return normalized(parent + "/" + path[path.index(after: slash)...])
    }

    /// The way to `path` from `base`, both absolute and normalized.
    static func relative(_ path: String, to base: String) -> String {
        let target = path.split(separator: "/")
        let origin = base.split(separator: "/")
        let common = zip(target, origin).prefix { $0 == $1 }.count
        let steps = Array(repeating: "..", count: origin.count - common) + target.dropFirst(common).map(String.init)
        return steps.isEmpty ? "." : steps.joined(separator: "/")
    }

    static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." {
                _ = parts.popLast()
            } else {
                parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    private static var workingDirectory: String {
        guard let buffer = getcwd(nil, 0) else { return "/" }
        defer { free(buffer) }
        return String(cString: buffer)
    }
}
