package import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Looking into directories, and removing them with all that is in them.
package enum FileTree {
    /// Names of what is in a directory, sorted, without `.` and `..`; none where it cannot be read.
    package static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let text = String(cString: entry.entryName)
            if text != ".", text != ".." { names.append(text) }
        }
        return names.sorted()
    }

    /// Removes a file, a link or a whole directory. Links are removed, never followed; nothing there is no error.
    ///
    /// Directories without write permission are made writable first, so that what a build left read-only goes too.
    package static func remove(_ path: String) throws(ApusError) {
        try remove(path, at: AT_FDCWD, shown: path)
    }

    /// Removes what is in a directory, and leaves the directory.
    package static func removeContents(of path: String) throws(ApusError) {
        let directory = try FileHandle(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), or: { problem(path, $0) })
        try removeContents(of: directory.descriptor, shown: path)
    }

    private static func remove(_ name: String, at parent: CInt, shown path: String) throws(ApusError) {
        try Array(name.utf8CString).withUnsafeBufferPointer { name throws(ApusError) in
            guard let name = name.baseAddress else { return }
            try remove(name, at: parent, shown: path)
        }
    }

    private static func remove(_ name: UnsafePointer<CChar>, at parent: CInt, shown path: String) throws(ApusError) {
        if unlinkat(parent, name, 0) == 0 || errno == ENOENT { return }
        // Linux says EISDIR for a directory, macOS EPERM.
        guard errno == EISDIR || errno == EPERM else { throw problem(path, errno) }
        try empty(name, at: parent, shown: path)
        guard unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT else { throw problem(path, errno) }
    }

    private static func empty(_ name: UnsafePointer<CChar>, at parent: CInt, shown path: String) throws(ApusError) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var descriptor = openat(parent, name, flags)
        if descriptor < 0, errno == EACCES {
            _ = fchmodat(parent, name, 0o700, 0)
            descriptor = openat(parent, name, flags)
        }
        let directory = try FileHandle(descriptor, or: { problem(path, $0) })
        try removeContents(of: directory.descriptor, shown: path)
    }

    private static func removeContents(of directory: CInt, shown path: String) throws(ApusError) {
        var status = stat()
        if fstat(directory, &status) == 0, status.st_mode & 0o700 != 0o700 { _ = fchmod(directory, 0o700) }
        // `fdopendir` takes its descriptor over, and the parent's is needed until its last child is gone.
        let copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw problem(path, errno) }
        guard let stream = fdopendir(copy) else {
            let code = errno
            _ = close(copy)
            throw problem(path, code)
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = entry.entryName
            guard strcmp(name, ".") != 0, strcmp(name, "..") != 0 else { continue }
            try remove(name, at: directory, shown: path)
        }
    }

    private static func problem(_ path: String, _ code: CInt) -> ApusError {
        ArchiveError(path: path).system("cannot remove it", code)
    }
}
