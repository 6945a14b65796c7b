package import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The directory where a server keeps what must survive it: readable by its user alone, and locked, because two servers
/// that work through the same events would run them twice.
package final class StateDirectory: Sendable {
    /// Absolute, without a slash at the end.
    package let path: String
    private let lock: Int32

    /// Makes the directory, with those above it, where it is missing, and locks it until this value is gone.
    ///
    /// - Throws: `ApusError` `state.directory` when it cannot be made or is another user's, `state.locked` when another
    ///   process has it.
    package init(path: String) throws(ApusError) {
        self.path = path
        try Self.make(path)
        lock = try Self.lock(path)
    }

    deinit { close(lock) }

    /// A directory in it, made where it is missing.
    package func directory(_ name: String) throws(ApusError) -> String {
        let path = self.path + "/" + name
        try Self.make(path)
        return path
    }

    // MARK: Parts

    private static func make(_ path: String) throws(ApusError) {
        var index = path.startIndex
        while index < path.endIndex {
            index = path[path.index(after: index)...].firstIndex(of: "/") ?? path.endIndex
            let part = String(path[..<index])
            if mkdir(part, 0o700) == 0 {
                sync(directoryOf: part)
            } else if errno != EEXIST, errno != EISDIR {
                throw failure("cannot make the directory \(part)", errno)
            }
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure("cannot use \(path)", errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw failure("cannot use \(path)", ENOTDIR) }
        guard status.st_uid == geteuid() else {
            throw ApusError(
                "state.directory",
                "\(path) belongs to another user, and holds what only its own user may read",
                hint: "choose another directory with --state-dir"
            )
        }
        guard status.st_mode & 0o077 == 0 || chmod(path, 0o700) == 0 else {
            throw failure("cannot close \(path) to other users", errno)
        }
    }

    /// What is synced in a new directory is lost with the directory's own name.
    private static func sync(directoryOf path: String) {
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func lock(_ path: String) throws(ApusError) -> Int32 {
        let descriptor = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("cannot open \(path)/lock", errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = text(descriptor)
            let code = errno
            close(descriptor)
            guard code == EWOULDBLOCK else { throw failure("cannot lock \(path)", code) }
            throw ApusError(
                "state.locked",
                "another Apus\(holder.isEmpty ? "" : " (process \(holder))") serves from \(path)",
                hint: "use that one, end it, or choose another directory with --state-dir"
            )
        }
        let own = Array(String(getpid()).utf8)
        ftruncate(descriptor, 0)
        _ = own.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        return descriptor
    }

    private static func text(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 20)
        let code = errno
        defer { errno = code }
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)).filter { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self)
    }

    private static func failure(_ what: String, _ code: Int32) -> ApusError {
        ApusError(
            "state.directory",
            "\(what): \(String(cString: strerror(code)))",
            hint: "choose another directory with --state-dir"
        )
    }
}
