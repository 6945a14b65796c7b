/// Sizes and offset of a directory entry, which move to an extra field where 32 bits are too few.
struct Zip64Sizes {
    private(set) var size: Int
    private(set) var compressedSize: Int
    private(set) var headerOffset: Int

    private static let escape = Int(UInt32.max)
    /// Far above any file; keeps sums from overflowing.
    private static let maximum = UInt64(1) << 48

    init(size: UInt32, compressedSize: UInt32, headerOffset: UInt32) {
        self.size = Int(size)
        self.compressedSize = Int(compressedSize)
        self.headerOffset = Int(headerOffset)
    }

    /// Replaces each value that reads 0xFFFFFFFF by the one in extra field 0x0001 (APPNOTE.TXT 4.5.3). `false` if it is
    /// missing there, or impossible.
    mutating func extend(from extra: [UInt8]) -> Bool {
        guard size == Self.escape || compressedSize == Self.escape || headerOffset == Self.escape else { return true }
        var offset = 0
        while true {
            let fields = ZipFields(bytes: extra, offset: offset)
            guard fields.has(4), fields.has(4 + Int(fields.u16(2))) else { return false }
            if fields.u16(0) == 0x0001 {
                let start = offset + 4
                return take(Array(extra[start..<(start + Int(fields.u16(2)))]))
            }
            offset += 4 + Int(fields.u16(2))
        }
    }

    private mutating func take(_ payload: [UInt8]) -> Bool {
        var offset = 0
        func next(_ value: inout Int) -> Bool {
            guard value == Self.escape else { return true }
            let fields = ZipFields(bytes: payload, offset: offset)
            guard fields.has(8), fields.u64(0) <= Self.maximum else { return false }
            value = Int(fields.u64(0))
            offset += 8
            return true
        }
        return next(&size) && next(&compressedSize) && next(&headerOffset)
    }
}
