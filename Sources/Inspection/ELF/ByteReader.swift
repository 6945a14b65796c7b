/// Integers of a given byte order out of bytes that may be too few.
struct ByteReader {
    let bytes: [UInt8]
    let isLittleEndian: Bool

    /// `nil` when the integer does not lie wholly inside the bytes.
    func integer<Value: FixedWidthInteger & UnsignedInteger>(at offset: Int, as type: Value.Type) -> Value? {
        let size = Value.bitWidth / 8
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        let slice = bytes[offset..<offset + size]
        return isLittleEndian
            ? slice.reversed().reduce(0) { $0 << 8 | Value($1) }
            : slice.reduce(0) { $0 << 8 | Value($1) }
    }
}
