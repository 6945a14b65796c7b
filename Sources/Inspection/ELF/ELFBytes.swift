/// Little-endian integers and strings of a file, every access checked.
struct ELFBytes: Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// `nil` when the integer does not lie wholly inside the file.
    func integer<Value: FixedWidthInteger & UnsignedInteger>(at offset: Int, as type: Value.Type = Value.self) -> Value?
    {
        guard offset >= 0, offset <= bytes.count &- MemoryLayout<Value>.size else { return nil }
        return bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
    }

    /// The range of `count` bytes from an offset that the file gives; `nil` when it reaches beyond the file.
    func range(at offset: UInt64, count: UInt64) -> Range<Int>? {
        guard offset <= UInt64(bytes.count), count <= UInt64(bytes.count) - offset else { return nil }
        return Int(offset)..<Int(offset) + Int(count)
    }

    /// Text up to a NUL that lies inside `limit`; without one, up to its end. Damaged UTF-8 is repaired.
    ///
    /// - Parameter most: bytes; a table of many entries must not be able to name one long text again and again.
    func text(at offset: Int, limit: Range<Int>, most: Int = 65_536) -> String {
        guard limit.contains(offset) else { return "" }
        let end = min(limit.upperBound, offset &+ most)
        return String(decoding: bytes[offset..<end].prefix { $0 != 0 }, as: UTF8.self)
    }
}
