import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Operations on directories by path.
enum Directory {
    /// Makes the directory and those above it that are missing.
    static func create(_ path: String) throws(ApusError) {
        if mkdir(path, 0o755) == 0 { return }
        var code = errno
        if code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try create(String(path[..<slash]))
            if mkdir(path, 0o755) == 0 { return }
            code = errno
        }
        var status = stat()
        if code == EEXIST, stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT != S_IFDIR else { return }
            code = ENOTDIR
        }
        throw systemError("cannot create the directory", path, code)
    }

    /// Makes a new directory for the owner alone, whose name starts with `prefix`, and returns its path.
    static func createUnique(_ prefix: String) throws(ApusError) -> String {
        var template = Array((prefix + "XXXXXX").utf8CString)
        let isMade = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        guard isMade else { throw systemError("cannot create the directory", prefix + "XXXXXX", errno) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Names in the directory without `.` and `..`, in byte order.
    static func names(_ path: String) throws(ApusError) -> [String] {
        guard let stream = opendir(path) else { throw systemError("cannot read the directory", path, errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = entry.entryName
            guard let text = String(validatingCString: name) else {
                throw ApusError(
                    .buildInputOutput,
                    "the name of the file '\(path)/\(String(cString: name))' is not UTF-8",
                    hint: "Rename it, or keep it out of the sources."
                )
            }
            if text != ".", text != ".." { names.append(text) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Puts the directory `new` in the place of `path`. What was there is at `new` afterwards, if there was anything.
    static func exchange(_ new: String, with path: String) throws(ApusError) {
        if rename(new, path) == 0 { return }
        guard errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR else {
            throw systemError("cannot replace", path, errno)
        }
        let old = new + ".old"
        guard rename(path, old) == 0 else { throw systemError("cannot replace", path, errno) }
        guard rename(new, path) == 0 else {
            let code = errno
            _ = rename(old, path)
            throw systemError("cannot replace", path, code)
        }
        _ = rename(old, new)
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The permission bits of what the path leads to.
    static func permissions(_ path: String) throws(ApusError) -> UInt16 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw systemError("cannot read", path, errno) }
        return UInt16(status.st_mode & 0o777)
    }

    /// The path with all links resolved; `nil` if it leads nowhere.
    static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }

    static var current: String { realPath(".") ?? "/" }
}
