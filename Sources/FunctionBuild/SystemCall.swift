import LambdaModel
import SystemPackage

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A file descriptor that closes itself.
struct OpenFile: ~Copyable {
    let descriptor: CInt

    /// Opens `path`; the error says that `purpose` failed ("cannot read") and why.
    init(_ path: String, _ flags: CInt, mode: mode_t = 0o600, _ purpose: String) throws(ApusError) {
        let descriptor = open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw systemError(purpose, path, errno) }
        self.descriptor = descriptor
    }

    deinit {
        _ = close(descriptor)
    }

    /// Reads up to the buffer's size; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, _ path: String) throws(ApusError) -> Int {
        do { return try FileDescriptor(rawValue: descriptor).read(into: buffer) } catch {
            throw systemError("cannot read", path, (error as? Errno)?.rawValue ?? EIO)
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, _ path: String) throws(ApusError) {
        do { _ = try FileDescriptor(rawValue: descriptor).writeAll(bytes) } catch {
            throw systemError("cannot write", path, (error as? Errno)?.rawValue ?? EIO)
        }
    }
}

extension FileStamp {
    /// Of the file that the path leads to.
    static func of(_ path: String) throws(ApusError) -> FileStamp {
        var status = stat()
        guard stat(path, &status) == 0 else { throw systemError("cannot read", path, errno) }
        return FileStamp(status)
    }
}

/// "cannot read '/a/b': permission denied", with the usual ways out.
func systemError(_ purpose: String, _ path: String, _ code: CInt) -> ApusError {
    let reason = code == EROFS ? "read-only file system" : ErrnoName.lambdaName(of: code)
    let hint: String? =
        switch code {
        case EROFS, EACCES, EPERM:
            "Check the permissions, or choose another build directory with --build-dir."
        case ENOSPC: "Free some space on the disk."
        default: nil
        }
    return ApusError(.buildInputOutput, "\(purpose) '\(path)': \(reason)", hint: hint)
}
