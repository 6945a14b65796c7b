import CLibArchive
import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Packs a directory so that the same files give the same bytes: names in byte order, no time stamps, no owners.
/// Permissions and symbolic links are kept.
struct ZipWriter: ~Copyable {
    private let archive: ArchivePointer
    private let error: ArchiveError
    private let root: String
    private static let bufferBytes = 128 << 10
    private static let maximumDepth = EntryPath.maximumDepth

    /// Packs into the open file `descriptor`; errors name `shown`, the archive's final path.
    init(root: String, descriptor: CInt, shown: String) throws(ApusError) {
        let error = ArchiveError(path: shown)
        let archive = try ArchivePointer(archive_write_new(), error: error)
        archive_write_set_format_zip(archive.pointer)
        archive_write_set_bytes_in_last_block(archive.pointer, 1)
        guard archive_write_open_fd(archive.pointer, descriptor) == ARCHIVE_OK else {
            throw error(.archiveInputOutput, "cannot write it" + archive.reason)
        }
        self.root = root
        self.archive = archive
        self.error = error
    }

    func writeAll() throws(ApusError) {
        let directory = try FileHandle(open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) { code in
            ArchiveError(path: root).system("cannot pack this directory", code)
        }
        try write(directory: directory, prefix: "", depth: 0)
        guard archive_write_close(archive.pointer) == ARCHIVE_OK else { throw problem("cannot write it") }
    }

    private func write(directory: borrowing FileHandle, prefix: String, depth: Int) throws(ApusError) {
        guard depth <= Self.maximumDepth else { throw source(prefix, "is nested too deeply to pack") }
        for name in try DirectoryNames.read(directory, or: { source(prefix + $0, $1) }) {
            let path = prefix + name
            var status = stat()
            guard fstatat(directory.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                throw source(path, ErrnoName.lambdaName(of: errno))
            }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                try writeHeader(path + "/", status.st_mode, size: 0)
                let child = try openChild(name, of: directory, path: path, flags: O_DIRECTORY)
                try write(directory: child, prefix: path + "/", depth: depth + 1)
            case S_IFREG:
                let file = try openChild(name, of: directory, path: path, flags: 0)
                try writeFile(file, path: path)
            case S_IFLNK:
                try writeLink(name, of: directory, path: path, mode: status.st_mode)
            default:
                throw source(path, "is neither a file nor a directory nor a symbolic link")
            }
        }
    }

    private func openChild(
        _ name: String,
        of directory: borrowing FileHandle,
        path: String,
        flags: CInt
    ) throws(ApusError) -> FileHandle {
        try FileHandle(
            openat(directory.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | flags),
            or: { source(path, ErrnoName.lambdaName(of: $0)) }
        )
    }

    private func writeFile(_ file: borrowing FileHandle, path: String) throws(ApusError) {
        var status = stat()
        guard fstat(file.descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw source(path, "changed while it was packed")
        }
        let size = Int(status.st_size)
        try writeHeader(path, status.st_mode, size: size)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 16)
        defer { buffer.deallocate() }
        var written = 0
        while true {
            // A large package takes seconds, which is too long for somebody who has pressed Ctrl-C.
            guard !Task.isCancelled else { throw source(path, "cancelled") }
            let count = read(file.descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw source(path, ErrnoName.lambdaName(of: errno)) }
            guard count > 0 else { break }
            guard archive_write_data(archive.pointer, buffer.baseAddress, count) == count else {
                throw written + count > size ? source(path, "changed while it was packed") : problem("cannot write it")
            }
            written += count
        }
        guard written == size else { throw source(path, "changed while it was packed") }
    }

    private func writeLink(
        _ name: String,
        of directory: borrowing FileHandle,
        path: String,
        mode: mode_t
    ) throws(ApusError) {
        let text = try DirectoryNames.target(of: name, in: directory, or: { source(path, $0) })
        try writeHeader(path, S_IFLNK | 0o777, size: 0, target: text)
    }

    private func writeHeader(
        _ path: String,
        _ mode: mode_t,
        size: Int,
        target: String? = nil
    ) throws(ApusError) {
        guard let entry = archive_entry_new() else { throw error.system("cannot write it", ENOMEM) }
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname(entry, path)
        archive_entry_set_mode(entry, mode & (S_IFMT | 0o777))
        // No time is set: libarchive then writes 1980-01-01, the format's first day, whatever the time zone.
        archive_entry_set_size(entry, Int64(size))
        if let target { archive_entry_set_symlink(entry, target) }
        guard archive_write_header(archive.pointer, entry) == ARCHIVE_OK else {
            throw problem("cannot write entry '\(path)'")
        }
    }

    private func source(_ path: String, _ text: String) -> ApusError {
        ArchiveError(path: root)(.archiveInputOutput, "cannot pack '\(ArchiveError.printable(path))': \(text)")
    }

    private func problem(_ text: String) -> ApusError {
        error(.archiveInputOutput, text + archive.reason)
    }
}
