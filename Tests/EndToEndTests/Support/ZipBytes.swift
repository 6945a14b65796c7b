/// Zip archives byte by byte: well-formed ones, and those that no zip program would write.
struct ZipBytes {
    private var local: [UInt8] = []
    private var central: [UInt8] = []
    private var count = 0

    /// The file types of Unix, as the upper half of an entry's external attributes holds them.
    enum Kind: UInt32 {
        case file = 0o100000
        case directory = 0o040000
        case symbolicLink = 0o120000
    }

    /// Adds a stored (uncompressed) entry. A symbolic link's contents are its target.
    mutating func add(_ name: String, _ contents: [UInt8], kind: Kind = .file, mode: UInt32 = 0o755) {
        let nameBytes = Array(name.utf8)
        let offset = local.count
        // Version 2.0, flag 11 (UTF-8 names), stored, 1 January 1980.
        let common =
            little(20, 2) + little(0x0800, 2) + little(0, 2) + little(0, 2) + little(0x0021, 2)
            + little(Self.crc32(contents), 4) + little(UInt32(contents.count), 4) + little(UInt32(contents.count), 4)
            + little(UInt32(nameBytes.count), 2) + little(0, 2)
        local += little(0x0403_4B50, 4) + common + nameBytes + contents
        // Made by Unix, which gives the external attributes their meaning.
        central += little(0x0201_4B50, 4) + little(0x0314, 2) + common + little(0, 2) + little(0, 2) + little(0, 2)
        central += little((kind.rawValue | mode) << 16, 4) + little(UInt32(offset), 4) + nameBytes
        count += 1
    }

    /// The archive.
    var bytes: [UInt8] {
        let entries = little(UInt32(count), 2)
        let end =
            little(0x0605_4B50, 4) + little(0, 4) + entries + entries + little(UInt32(central.count), 4)
            + little(UInt32(local.count), 4) + little(0, 2)
        return local + central + end
    }

    /// An archive of one entry.
    static func one(_ name: String, _ contents: [UInt8], kind: Kind = .file, mode: UInt32 = 0o755) -> [UInt8] {
        var zip = ZipBytes()
        zip.add(name, contents, kind: kind, mode: mode)
        return zip.bytes
    }

    private func little(_ value: UInt32, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
    }
}
