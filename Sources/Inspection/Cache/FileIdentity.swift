#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// What changes whenever a file's content changes, without reading it. Programs cannot set the change time (ctime) back.
struct FileIdentity: Sendable, Hashable {
    let text: String
    /// Seconds of the epoch.
    private let changeTime: Int

    /// Of the file that the path leads to.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
        let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
        #else
        let (modified, changed) = (status.st_mtim, status.st_ctim)
        #endif
        changeTime = Int(changed.tv_sec)
        text =
            "\(status.st_dev) \(status.st_ino) \(status.st_size) \(modified.tv_sec).\(modified.tv_nsec)"
            + " \(changed.tv_sec).\(changed.tv_nsec)"
    }

    /// Whether another change now would give another identity: file systems count time in steps.
    var isSettled: Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return changeTime + 2 <= Int(now.tv_sec)
    }

    /// Of the program that runs; empty where the system has no file for it.
    static let ofThisProgram = FileIdentity(path: "/proc/self/exe")?.text ?? ""
}
