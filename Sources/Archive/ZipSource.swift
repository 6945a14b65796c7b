import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Random access to the bytes of an archive. The descriptor stays the caller's.
struct ZipSource {
    let descriptor: CInt
    let size: Int
    let error: ArchiveError

    /// Throws unless the descriptor is that of a regular file with something in it.
    init(file descriptor: CInt, error: ArchiveError) throws(ApusError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw error.system("cannot read it", errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw error(.archiveNotZip, "is not a file, so it is no zip archive")
        }
        guard status.st_size > 0 else {
            throw error(.archiveNotZip, "is an empty file, not a zip archive", hint: "Pack it again.")
        }
        self.descriptor = descriptor
        self.size = Int(status.st_size)
        self.error = error
    }

    /// Exactly `count` bytes; the end of the file before that is an error.
    func read(at offset: Int, count: Int) throws(ApusError) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
            throw error.damaged("it is cut off")
        }
        var failure: CInt = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let result = pread(
                    descriptor,
                    buffer.baseAddress.map { $0 + filled },
                    count - filled,
                    off_t(offset + filled)
                )
                if result < 0, errno == EINTR { continue }
                guard result > 0 else {
                    failure = result < 0 ? errno : 0
                    return
                }
                filled += result
            }
        }
        guard failure == 0 else { throw error.system("cannot read it", failure) }
        guard bytes.count == count else { throw error.damaged("it is cut off") }
        return bytes
    }
}
