import LambdaModel

/// Where the central directory lies, from the record at the archive's end (APPNOTE.TXT 4.3.14 to 4.3.16).
struct ZipDirectoryLocation {
    let offset: Int
    let size: Int
    let count: Int
    /// Bytes in front of the archive (a self-extractor's program), by which all its offsets are too small.
    let shift: Int

    private static let endBytes = 22

    init(source: ZipSource) throws(ApusError) {
        let error = source.error
        // The record ends with a comment of up to 65,535 bytes.
        let tailSize = min(source.size, Self.endBytes + 0xFFFF)
        let tailOffset = source.size - tailSize
        let tail = try source.read(at: tailOffset, count: tailSize)
        guard let position = Self.endRecord(in: tail) else { throw try Self.missing(source) }
        let fields = ZipFields(bytes: tail, offset: position)
        guard fields.u16(4) == 0 || fields.u16(4) == .max, fields.u16(8) == fields.u16(10) else {
            throw error(.archiveUnsupported, "is one part of an archive in several parts")
        }
        let end = tailOffset + position
        let needs64 = fields.u16(10) == .max || fields.u32(12) == .max || fields.u32(16) == .max
        if needs64, let location = try Self.zip64(source: source, endRecord: end) {
            self = location
            return
        }
        count = Int(fields.u16(10))
        size = Int(fields.u32(12))
        offset = end - size
        shift = offset - Int(fields.u32(16))
        guard offset >= 0, shift >= 0 else { throw error.damaged("its directory is not where it should be") }
    }

    private init(offset: Int, size: Int, count: Int) {
        self.offset = offset
        self.size = size
        self.count = count
        self.shift = 0
    }

    private static func endRecord(in tail: [UInt8]) -> Int? {
        guard tail.count >= endBytes else { return nil }
        for position in stride(from: tail.count - endBytes, through: 0, by: -1) where tail[position] == 0x50 {
            let fields = ZipFields(bytes: tail, offset: position)
            guard fields.u32(0) == 0x0605_4b50 else { continue }
            if position + endBytes + Int(fields.u16(20)) == tail.count { return position }
        }
        return nil
    }

    private static func missing(_ source: ZipSource) throws(ApusError) -> ApusError {
        let start = try source.read(at: 0, count: min(4, source.size))
        guard start == [0x50, 0x4B, 0x03, 0x04] else {
            return source.error(.archiveNotZip, "is not a zip archive")
        }
        return source.error(
            .archiveDamaged,
            "the zip archive is cut off: the directory at its end is missing",
            hint: "Pack it again, or fetch it again."
        )
    }

    /// The 64-bit record, or `nil` if there is none: then the 16- and 32-bit values are meant as they stand.
    private static func zip64(source: ZipSource, endRecord: Int) throws(ApusError) -> ZipDirectoryLocation? {
        guard endRecord >= 20 else { return nil }
        let locator = ZipFields(bytes: try source.read(at: endRecord - 20, count: 20), offset: 0)
        guard locator.u32(0) == 0x0706_4b50 else { return nil }
        guard locator.u64(8) <= UInt64(endRecord) else {
            throw source.error.damaged("its directory is not where it should be")
        }
        let recordOffset = Int(locator.u64(8))
        let record = ZipFields(bytes: try source.read(at: recordOffset, count: 56), offset: 0)
        let limit = UInt64(recordOffset)
        guard
            record.u32(0) == 0x0606_4b50, record.u64(48) <= limit, record.u64(40) == limit - record.u64(48),
            record.u64(32) <= limit
        else {
            throw source.error.damaged("its directory is not where it should be")
        }
        return ZipDirectoryLocation(
            offset: Int(record.u64(48)),
            size: Int(record.u64(40)),
            count: Int(record.u64(32))
        )
    }
}
