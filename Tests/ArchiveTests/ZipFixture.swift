import Foundation

/// Writes zip archives byte by byte, wrong ones included.
struct ZipFixture {
    struct Entry {
        var name: String
        /// Name in the local header, if another.
        var localName: String?
        var data: [UInt8] = []
        var mode: UInt16 = 0o100644
        /// 3: Unix, 0: Windows.
        var madeBy: UInt8 = 3
        var method: UInt16 = 0
        var flags: UInt16 = 0
        /// Sizes to declare, if others.
        var declaredSize: UInt32?
        var localSize: UInt32?
        var crc: UInt32?
        /// Share the local header of the entry at this index.
        var sharesHeader: Int?
        var externalAttributes: UInt32?

        static func file(_ name: String, _ text: String = "x", mode: UInt16 = 0o100644) -> Entry {
            Entry(name: name, data: Array(text.utf8), mode: mode)
        }

        static func link(_ name: String, _ target: String) -> Entry {
            Entry(name: name, data: Array(target.utf8), mode: 0o120777)
        }
    }

    var entries: [Entry]
    var comment: [UInt8] = []
    var prefix: [UInt8] = []
    var declaredCount: UInt16?
    /// Bytes cut off at the end.
    var cut = 0
    var zip64 = false

    var bytes: [UInt8] {
        var output = prefix
        var directory: [UInt8] = []
        var offsets: [Int] = []
        for entry in entries {
            let crc = entry.crc ?? Self.crc32(entry.data)
            let size = UInt32(entry.data.count)
            let declared = entry.declaredSize ?? size
            let localName = Array((entry.localName ?? entry.name).utf8)
            if let shared = entry.sharesHeader {
                offsets.append(offsets[shared])
            } else {
                offsets.append(output.count - prefix.count)
                output += Self.u32(0x0403_4b50) + Self.u16(20) + Self.u16(entry.flags) + Self.u16(entry.method)
                output += Self.u32(0x0021_0000) + Self.u32(crc) + Self.u32(size)
                output += Self.u32(entry.localSize ?? declared)
                output += Self.u16(UInt16(localName.count)) + Self.u16(0) + localName + entry.data
            }
            let name = Array(entry.name.utf8)
            let attributes = entry.externalAttributes ?? UInt32(entry.mode) << 16
            directory += Self.u32(0x0201_4b50) + [20, entry.madeBy] + Self.u16(20) + Self.u16(entry.flags)
            directory += Self.u16(entry.method) + Self.u32(0x0021_0000) + Self.u32(crc)
            directory += Self.u32(zip64 ? .max : size) + Self.u32(zip64 ? .max : declared)
            directory += Self.u16(UInt16(name.count)) + Self.u16(zip64 ? 28 : 0) + Self.u16(0) + Self.u16(0)
            directory += Self.u16(0) + Self.u32(attributes)
            directory += Self.u32(zip64 ? .max : UInt32(offsets[offsets.count - 1])) + name
            if zip64 {
                directory += Self.u16(1) + Self.u16(24) + Self.u64(Int(declared)) + Self.u64(Int(size))
                directory += Self.u64(offsets[offsets.count - 1])
            }
        }
        let start = output.count
        output += directory
        if zip64 {
            let record = output.count
            output += Self.u32(0x0606_4b50) + Self.u64(44) + Self.u16(45) + Self.u16(45) + Self.u32(0) + Self.u32(0)
            output += Self.u64(entries.count) + Self.u64(entries.count) + Self.u64(directory.count) + Self.u64(start)
            output += Self.u32(0x0706_4b50) + Self.u32(0) + Self.u64(record) + Self.u32(1)
        }
        let count = zip64 ? UInt16.max : declaredCount ?? UInt16(entries.count)
        output += Self.u32(0x0605_4b50) + Self.u16(0) + Self.u16(0) + Self.u16(count) + Self.u16(count)
        output += Self.u32(zip64 ? .max : UInt32(directory.count))
        output += Self.u32(zip64 ? .max : UInt32(start - prefix.count))
        output += Self.u16(UInt16(comment.count)) + comment
        return Array(output.dropLast(cut))
    }

    static func u16(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
    static func u32(_ value: UInt32) -> [UInt8] { u16(UInt16(value & 0xFFFF)) + u16(UInt16(value >> 16)) }
    static func u64(_ value: Int) -> [UInt8] { u32(UInt32(value & 0xFFFF_FFFF)) + u32(UInt32(value >> 32)) }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
    }
}
