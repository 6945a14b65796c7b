import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The central directory of a zip archive, read and checked before a byte is unpacked.
///
/// libarchive reads the data, but takes names from the local headers and is lenient; programs that read only the central
/// directory would see other files. So the two must agree here, entries may not overlap, and all bounds are known early.
/// Source of the format: PKWARE's APPNOTE.TXT, 4.3 and 4.5.3.
struct ZipDirectory {
    /// An entry and where its local header starts.
    struct Record {
        var entry: ZipEntry
        var headerOffset: Int
        var compressedSize: Int
        var method: UInt16
        var flags: UInt16
    }

    /// In the order of their data, which is the order in which libarchive delivers them.
    let records: [Record]

    init(file: borrowing FileHandle, limits: ExtractionLimits, error: ArchiveError) throws(ApusError) {
        let source = try ZipSource(file: file.descriptor, error: error)
        let location = try ZipDirectoryLocation(source: source)
        guard location.count <= limits.entries else {
            throw error(.archiveTooLarge, "has \(location.count) entries; at most \(limits.entries) are allowed")
        }
        guard location.size <= Self.maximumBytes else {
            throw error(.archiveTooLarge, "its directory alone has \(location.size) bytes")
        }
        let bytes = try source.read(at: location.offset, count: location.size)
        var records: [Record] = []
        var offset = 0
        while records.count < location.count {
            let (record, length) = try Self.record(bytes, at: offset, shift: location.shift, error: error)
            records.append(record)
            offset += length
        }
        // libarchive reads on to the end of the directory, whatever the count says.
        guard offset == bytes.count else { throw error.damaged("its directory holds more than it declares") }
        records.sort { $0.headerOffset < $1.headerOffset }
        try Self.checkLocalHeaders(records, end: location.offset, source: source)
        self.records = records
    }

    /// 250,000 entries need about 30 MB.
    private static let maximumBytes = 48 << 20

    private static func record(
        _ bytes: [UInt8],
        at offset: Int,
        shift: Int,
        error: ArchiveError
    ) throws(ApusError) -> (Record, length: Int) {
        let fixed = ZipFields(bytes: bytes, offset: offset)
        guard fixed.has(46), fixed.u32(0) == 0x0201_4b50 else { throw error.damaged("its directory ends too early") }
        let nameLength = Int(fixed.u16(28))
        let extraLength = Int(fixed.u16(30))
        let length = 46 + nameLength + extraLength + Int(fixed.u16(32))
        guard fixed.has(length) else { throw error.damaged("its directory ends too early") }
        guard let name = String(validating: bytes[(offset + 46)..<(offset + 46 + nameLength)], as: UTF8.self) else {
            throw error(
                .archiveUnsupported,
                "the name of an entry is not UTF-8",
                hint: "Pack it again with a tool that writes UTF-8 names."
            )
        }
        let extra = bytes[(offset + 46 + nameLength)..<(offset + 46 + nameLength + extraLength)]
        var sizes = Zip64Sizes(size: fixed.u32(24), compressedSize: fixed.u32(20), headerOffset: fixed.u32(42))
        guard sizes.extend(from: Array(extra)) else {
            throw error.damaged("entry '\(ArchiveError.printable(name))' has sizes that cannot be")
        }
        let kind = try kind(of: name, fields: fixed, error: error)
        let entry = ZipEntry(
            name: name,
            kind: kind.kind,
            permissions: kind.permissions,
            size: sizes.size
        )
        let record = Record(
            entry: entry,
            headerOffset: sizes.headerOffset + shift,
            compressedSize: sizes.compressedSize,
            method: fixed.u16(10),
            flags: fixed.u16(8)
        )
        return (record, length)
    }

    /// Kind and permissions from the external attributes: Unix's `st_mode` where the archive was made on Unix or macOS.
    private static func kind(
        of name: String,
        fields: ZipFields,
        error: ArchiveError
    ) throws(ApusError) -> (kind: ZipEntry.Kind, permissions: UInt16?) {
        let madeBy = fields.u16(4) >> 8
        let attributes = fields.u32(38)
        let endsWithSlash = name.utf8.last == UInt8(ascii: "/")
        let mode = UInt16(attributes >> 16)
        guard madeBy == 3 || madeBy == 19, mode != 0 else {
            return (endsWithSlash || attributes & 0x10 != 0 ? .directory : .file, nil)
        }
        let permissions = mode & 0o777
        switch mode & 0o170000 {
        case 0o040000: return (.directory, permissions)
        case 0, 0o100000: return (endsWithSlash ? .directory : .file, permissions)
        case 0o120000: return (.symbolicLink, permissions)
        default:
            throw error.entry(
                .archiveUnsafe,
                name,
                "is neither a file nor a directory nor a symbolic link (mode \(octal(mode)))"
            )
        }
    }

    private static func octal(_ mode: UInt16) -> String { "0" + String(mode, radix: 8) }

    private static func checkLocalHeaders(_ records: [Record], end: Int, source: ZipSource) throws(ApusError) {
        let error = source.error
        for (index, record) in records.enumerated() {
            let name = record.entry.name
            guard record.flags & 0x41 == 0 else {
                throw error.entry(
                    .archiveUnsupported,
                    name,
                    "is encrypted",
                    hint: "Lambda takes no password: pack it without one."
                )
            }
            guard record.method == 0 || record.method == 8 else {
                throw error.entry(
                    .archiveUnsupported,
                    name,
                    "uses compression method \(record.method)",
                    hint: "Pack it again with the methods 'store' or 'deflate', which Lambda reads."
                )
            }
            let next = index + 1 < records.count ? records[index + 1].headerOffset : end
            try checkLocalHeader(record, next: next, source: source)
        }
    }

    private static func checkLocalHeader(_ record: Record, next: Int, source: ZipSource) throws(ApusError) {
        let error = source.error
        let name = record.entry.name
        guard record.headerOffset >= 0, record.headerOffset + 30 <= next else {
            throw error.damaged("entry '\(ArchiveError.printable(name))' overlaps another one")
        }
        let nameLength = name.utf8.count
        let available = min(30 + nameLength, next - record.headerOffset)
        let bytes = try source.read(at: record.headerOffset, count: available)
        let fields = ZipFields(bytes: bytes, offset: 0)
        guard
            fields.has(30 + nameLength), fields.u32(0) == 0x0403_4b50, Int(fields.u16(26)) == nameLength,
            bytes[30...].elementsEqual(name.utf8), fields.u16(8) == record.method, fields.u16(6) & 0x41 == 0
        else {
            throw error.damaged(
                "entry '\(ArchiveError.printable(name))' has another header before its data than in the directory"
            )
        }
        // Bit 3: the sizes follow the data, and are 0 here.
        if fields.u16(6) & 0x08 == 0 {
            try checkLocalSizes(fields, record, error: error)
        }
        let dataEnd = record.headerOffset + 30 + nameLength + Int(fields.u16(28)) + record.compressedSize
        guard dataEnd <= next else {
            throw error.damaged("entry '\(ArchiveError.printable(name))' overlaps another one")
        }
    }

    private static func checkLocalSizes(
        _ fields: ZipFields,
        _ record: Record,
        error: ArchiveError
    ) throws(ApusError) {
        let compressed = fields.u32(18)
        let size = fields.u32(22)
        guard
            compressed == .max || Int(compressed) == record.compressedSize,
            size == .max || Int(size) == record.entry.size
        else {
            throw error.damaged(
                "entry '\(ArchiveError.printable(record.entry.name))' has other sizes before its data than in the directory"
            )
        }
    }
}
