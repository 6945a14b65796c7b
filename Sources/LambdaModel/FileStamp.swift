#if canImport(Darwin)
package import Darwin
#elseif canImport(Glibc)
package import Glibc
#elseif canImport(Musl)
package import Musl
#endif

/// What changes whenever a file's content changes, without reading it. Programs cannot set the change time (ctime) back, so a
/// file with an unchanged stamp is an unchanged file, unless it changed twice within the clock's grain.
package struct FileStamp: Sendable, Hashable {
    /// Size, modification time, change time, inode and device.
    package let text: String
    /// Seconds of the epoch.
    private let changeTime: Int

    package init(_ status: stat) {
        #if canImport(Darwin)
        let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
        #else
        let (modified, changed) = (status.st_mtim, status.st_ctim)
        #endif
        changeTime = Int(changed.tv_sec)
        text =
            "\(status.st_size) \(modified.tv_sec).\(modified.tv_nsec) \(changed.tv_sec).\(changed.tv_nsec)"
            + " \(status.st_ino) \(status.st_dev)"
    }

    /// Of the file that the path leads to; `nil` where it cannot be asked.
    package init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Whether another change would have given another stamp at a time, in seconds of the epoch: file systems count time in
    /// steps.
    package func isSettled(at time: Int = Int(time(nil))) -> Bool { changeTime + 2 <= time }
}
