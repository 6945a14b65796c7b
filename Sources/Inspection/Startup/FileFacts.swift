internal import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// What the file system says of a path.
struct FileFacts: Sendable, Hashable {
    enum Kind: Sendable, Hashable { case regular, directory, other }
    var kind: Kind
    /// Permission bits.
    var mode: UInt32
    /// Whether this user may execute it.
    var isExecutable: Bool
    /// Whether every user may read and execute it; Lambda runs functions as a user who owns nothing.
    var isExecutableByAll: Bool { mode & 0o005 == 0o005 }

    /// Symbolic links are followed; `nil` when the path leads to nothing.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .directory
        default: kind = .other
        }
        mode = UInt32(status.st_mode & 0o7777)
        isExecutable = access(path, X_OK) == 0
    }

    /// `0644`.
    var octalMode: String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// Where a symbolic link points; `nil` for anything else.
    static func linkTarget(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The path with all symbolic links resolved; `nil` when they lead to nothing.
    static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The names in a directory, sorted, at most 1,000 of them; empty when it cannot be read.
    static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var result: [String] = []
        while result.count < 1000, let entry = readdir(directory) {
            let name = String(cString: entry.entryName)
            if name != "." && name != ".." { result.append(name) }
        }
        return result.sorted()
    }
}
