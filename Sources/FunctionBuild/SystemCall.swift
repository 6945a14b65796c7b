import LambdaModel

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
        while true {
            #if canImport(Darwin)
            let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Glibc)
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #else
            let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 { return count }
            guard errno == EINTR else { throw systemError("cannot read", path, errno) }
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, _ path: String) throws(ApusError) {
        var bytes = bytes
        while !bytes.isEmpty {
            #if canImport(Darwin)
            let count = Darwin.write(descriptor, bytes.baseAddress, bytes.count)
            #elseif canImport(Glibc)
            let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            #else
            let count = Musl.write(descriptor, bytes.baseAddress, bytes.count)
            #endif
            if count >= 0 {
                bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
            } else if errno != EINTR {
                throw systemError("cannot write", path, errno)
            }
        }
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
