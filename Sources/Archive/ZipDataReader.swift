import CLibArchive
import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// libarchive's reader for zip, in step with the entries of a ``ZipDirectory``.
struct ZipDataReader: ~Copyable {
    private let archive: ArchivePointer
    private let error: ArchiveError

    /// Reads from the descriptor, which stays the caller's and open.
    init(file descriptor: CInt, error: ArchiveError) throws(ApusError) {
        let archive = try ArchivePointer(archive_read_new(), error: error)
        // Alone the reader that needs the central directory. Resource forks of macOS stay files, as on Lambda.
        archive_read_support_format_zip_seekable(archive.pointer)
        archive_read_set_format_option(archive.pointer, "zip", "mac-ext", nil)
        guard
            lseek(descriptor, 0, SEEK_SET) == 0,
            archive_read_open_fd(archive.pointer, descriptor, 64 << 10) == ARCHIVE_OK
        else { throw error.damaged("libarchive cannot read it" + archive.reason) }
        self.archive = archive
        self.error = error
    }

    /// Steps to the next entry, which must be `record`. Returns the target of a symbolic link, `nil` for other entries.
    func next(_ record: ZipDirectory.Record) throws(ApusError) -> String? {
        var entry: OpaquePointer?
        let status = archive_read_next_header(archive.pointer, &entry)
        // A warning is about a name's character set; names are taken from the directory.
        guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else { throw damaged(record.entry) }
        if let name = archive_entry_pathname(entry) {
            guard Self.isSame(String(cString: name), record.entry.name) else { throw damaged(record.entry) }
        }
        if record.entry.kind == .file, archive_entry_size_is_set(entry) != 0 {
            guard archive_entry_size(entry) == Int64(record.entry.size) else { throw damaged(record.entry) }
        }
        guard record.entry.kind == .symbolicLink else { return nil }
        guard
            record.entry.size <= SymbolicLinkGraph.maximumTargetBytes, let target = archive_entry_symlink(entry),
            let text = String(validatingCString: target), !text.isEmpty, text.utf8.count == record.entry.size
        else {
            throw error.entry(.archiveUnsafe, record.entry.name, "is a symbolic link without a usable target")
        }
        return text
    }

    /// Throws if libarchive has found more entries than the directory.
    func end() throws(ApusError) {
        var entry: OpaquePointer?
        guard archive_read_next_header(archive.pointer, &entry) == ARCHIVE_EOF else {
            throw error.damaged("it holds entries that its directory does not name")
        }
    }

    /// Compares bytes, but for the slash that libarchive adds to a directory's name.
    private static func isSame(_ name: String, _ other: String) -> Bool {
        func trimmed(_ text: String) -> Substring.UTF8View {
            (text.utf8.last == UInt8(ascii: "/") ? text.dropLast() : text[...]).utf8
        }
        return trimmed(name).elementsEqual(trimmed(other))
    }

    /// Bytes of the current entry's data; 0 at its end. Checks the CRC.
    func read(into buffer: UnsafeMutableRawBufferPointer, entry: ZipEntry) throws(ApusError) -> Int {
        let count = archive_read_data(archive.pointer, buffer.baseAddress, buffer.count)
        guard count >= 0 else { throw damaged(entry) }
        return count
    }

    private func damaged(_ entry: ZipEntry) -> ApusError {
        problem("entry '\(ArchiveError.printable(entry.name))' does not unpack")
    }

    private func problem(_ text: String) -> ApusError {
        error.damaged(text + archive.reason)
    }
}
