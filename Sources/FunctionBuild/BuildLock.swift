import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One build at a time in a project: a lock on a file in the cache directory. The kernel releases it with the process.
struct BuildLock: ~Copyable {
    private let file: OpenFile
    private static let interval = Duration.milliseconds(50)

    /// Waits for another build's end; `waiting` is called once if there is one.
    init(_ path: String, waiting: () -> Void) async throws(ApusError) {
        let file = try OpenFile(path, O_RDWR | O_CREAT, mode: 0o644, "cannot open")
        var hasWaited = false
        while flock(file.descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw systemError("cannot lock", path, errno) }
            if !hasWaited { waiting() }
            hasWaited = true
            guard (try? await Task.sleep(for: Self.interval)) != nil else {
                throw ApusError(.buildCancelled, "cancelled")
            }
        }
        self.file = file
    }

    /// Unlocks explicitly: a child of another thread, forked but not yet executing, still holds a copy of the descriptor.
    consuming func release() {
        _ = flock(file.descriptor, LOCK_UN)
    }
}
