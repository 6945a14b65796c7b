internal import SystemPackage

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The files that stand for queues, topics, buses and buckets: one line for each message that AWS would have got. Its calls
/// block.
package struct DestinationFiles: Sendable {
    /// Absolute.
    package let directory: String

    /// - Parameter directory: exists, and only its user may write there.
    package init(directory: String) {
        self.directory = directory
    }

    /// Appends lines to a file of the directory, made where it is missing. They are on the disk when this returns.
    ///
    /// - Parameter lines: without line breaks.
    /// - Throws: ``EventStoreError``; the file is as it was then, as far as the disk allows.
    package func append(_ lines: [[UInt8]], to name: String) throws(EventStoreError) {
        let path = directory + "/" + name
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path, Errno(rawValue: errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, Errno(rawValue: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw EventStoreError("\(path) is no regular file") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.reduce(1) { $0 + $1.count + 1 })
        // A process that was killed has left half a line, perhaps.
        if status.st_size > 0, !Self.endsInNewline(descriptor, status.st_size) { bytes.append(Self.newline) }
        for line in lines {
            bytes += line
            bytes.append(Self.newline)
        }
        do {
            _ = try FileDescriptor(rawValue: descriptor).writeAll(bytes)
            guard fsync(descriptor) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            ftruncate(descriptor, status.st_size)
            throw Self.failure(path, (error as? Errno) ?? .ioError)
        }
        if status.st_size == 0 { Self.sync(directory) }
    }

    // MARK: Parts

    private static let newline = UInt8(ascii: "\n")

    private static func endsInNewline(_ descriptor: Int32, _ size: off_t) -> Bool {
        var last: UInt8 = 0
        return pread(descriptor, &last, 1, size - 1) == 1 && last == newline
    }

    /// So that a new file's name survives as well.
    private static func sync(_ directory: String) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ path: String, _ error: Errno) -> EventStoreError {
        EventStoreError("cannot append to \(path): \(error)")
    }
}
