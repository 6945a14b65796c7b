import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What changes whenever a file's contents change, without reading them. The change time (ctime) cannot be set back by
/// programs, so a file with an unchanged stamp is an unchanged file, unless it changed twice within the clock's grain.
struct FileStamp: Hashable {
    /// Size, modification time, change time, inode and device, as text.
    let text: String
    /// Seconds of the epoch.
    let changeTime: Int

    init(_ status: stat) {
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

    /// Of the file that the path leads to.
    init(path: String) throws(ApusError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw systemError("cannot read", path, errno) }
        self.init(status)
    }
}
