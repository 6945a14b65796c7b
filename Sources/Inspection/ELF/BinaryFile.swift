#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Read access to a regular file that may hold anything: every offset and length is checked against its size.
package final class BinaryFile: Sendable {
    package enum Failure: Error, Sendable, Hashable {
        /// Opening or reading failed with this errno.
        case system(Int32)
        /// A device, FIFO, socket or directory.
        case notRegular
        /// The range does not lie inside the file.
        case outOfRange
    }

    /// In bytes.
    package let size: UInt64
    private let descriptor: Int32

    /// Opens a file for reading, symbolic links followed.
    package init(path: String) throws(Failure) {
        // Non-blocking, so that a FIFO cannot keep us waiting for its other end.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw .system(code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .notRegular
        }
        size = UInt64(max(0, status.st_size))
    }

    deinit { close(descriptor) }

    /// Exactly `count` bytes from `offset`.
    package func bytes(at offset: UInt64, count: Int) throws(Failure) -> [UInt8] {
        guard count >= 0, offset <= size, UInt64(count) <= size - offset, let position = off_t(exactly: offset) else {
            throw .outOfRange
        }
        guard count > 0 else { return [] }
        var code: Int32 = 0
        let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let got = pread(descriptor, base + filled, count - filled, position + off_t(filled))
                if got < 0 && errno == EINTR { continue }
                if got < 0 { code = errno }
                if got <= 0 { break }
                filled += got
            }
        }
        guard code == 0 else { throw .system(code) }
        // Shorter: somebody has cut the file since it was opened.
        guard result.count == count else { throw .outOfRange }
        return result
    }

    /// The first bytes, at most `count` of them.
    package func prefix(_ count: Int) throws(Failure) -> [UInt8] {
        try bytes(at: 0, count: Int(min(UInt64(count), size)))
    }
}
