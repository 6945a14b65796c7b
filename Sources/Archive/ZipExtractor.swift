import CLibArchive
import LambdaModel
import SystemPackage

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Unpacks one archive: its directory says what to make, libarchive unpacks the data.
struct ZipExtractor {
    let path: String
    let limits: ExtractionLimits
    private let error: ArchiveError
    private static let bufferBytes = 128 << 10

    init(path: String, limits: ExtractionLimits) {
        self.path = path
        self.limits = limits
        error = ArchiveError(path: path)
    }

    /// Unpacks into a directory that is there and empty.
    func extract(to directory: String) throws(ApusError) {
        let file = try openArchive()
        let records = try ZipDirectory(file: file, limits: limits, error: error).records
        guard !records.isEmpty else {
            throw error(.archiveNotZip, "is a zip archive with nothing in it, which Lambda does not take")
        }
        try checkDeclaredSizes(records)
        var links = SymbolicLinkGraph()
        var writer = try DirectoryWriter(root: directory, limits: limits, error: error)
        let reader = try ZipDataReader(file: file.descriptor, error: error)
        var remaining = limits.bytes
        for record in records {
            let entry = record.entry
            let path = try EntryPath(name: entry.name, error: error)
            let target = try reader.next(record)
            switch entry.kind {
            case .directory:
                guard !path.components.isEmpty else { continue }
                try writer.makeDirectory(path, permissions: entry.effectivePermissions)
            case .symbolicLink:
                guard let target, links.add(path, target: target) else {
                    throw error.entry(.archiveUnsafe, entry.name, "has the name of an earlier entry")
                }
            case .file:
                try writer.makeFile(path, permissions: entry.effectivePermissions) { descriptor throws(ApusError) in
                    try copyData(of: entry, from: reader, to: descriptor, remaining: &remaining)
                }
            }
        }
        try reader.end()
        // Links come last: no file can be written through one.
        try links.check(error: error)
        for (path, target) in links.targets.sorted(by: { $0.key.components.count < $1.key.components.count }) {
            try writer.makeSymbolicLink(path, target: target)
        }
    }

    func list() throws(ApusError) -> [ZipEntry] {
        let file = try openArchive()
        return try ZipDirectory(file: file, limits: limits, error: error).records.map(\.entry)
    }

    private func openArchive() throws(ApusError) -> FileHandle {
        // Not blocking, so that a FIFO is refused as no file rather than waited for.
        try FileHandle(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), or: { error.system("cannot open it", $0) })
    }

    private func checkDeclaredSizes(_ records: [ZipDirectory.Record]) throws(ApusError) {
        var total = 0
        for record in records {
            total += record.entry.size
            guard total <= limits.bytes else { throw tooLarge }
        }
    }

    private func copyData(
        of entry: ZipEntry,
        from reader: borrowing ZipDataReader,
        to descriptor: CInt,
        remaining: inout Int
    ) throws(ApusError) {
        var size = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try reader.read(into: buffer, entry: entry)
            guard count > 0 else { break }
            size += count
            remaining -= count
            guard remaining >= 0 else { throw tooLarge }
            guard size <= entry.size else { break }
            try write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: descriptor, entry: entry)
        }
        guard size == entry.size else {
            throw error.damaged("entry '\(ArchiveError.printable(entry.name))' does not unpack to its declared size")
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt, entry: ZipEntry) throws(ApusError) {
        do {
            _ = try FileDescriptor(rawValue: descriptor).writeAll(bytes)
        } catch {
            let code = (error as? Errno)?.rawValue ?? EIO
            throw self.error.entry(
                .archiveInputOutput,
                entry.name,
                "cannot be written: \(ErrnoName.lambdaName(of: code))"
            )
        }
    }

    private var tooLarge: ApusError {
        error(
            .archiveTooLarge,
            "unpacks to more than \(limits.bytes) bytes"
                + (limits.bytes == Quotas.unzippedPackageBytes ? ", the most that Lambda takes" : ""),
            hint: "Leave out what the function does not need at run time."
        )
    }
}
