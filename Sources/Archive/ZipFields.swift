/// Little-endian numbers of a zip header, at offsets from its start. Callers ask ``has(_:)`` first.
struct ZipFields {
    let bytes: [UInt8]
    let offset: Int

    func has(_ count: Int) -> Bool { count <= bytes.count - offset }

    func u16(_ at: Int) -> UInt16 { UInt16(bytes[offset + at]) | UInt16(bytes[offset + at + 1]) << 8 }

    func u32(_ at: Int) -> UInt32 { UInt32(u16(at)) | UInt32(u16(at + 2)) << 16 }

    func u64(_ at: Int) -> UInt64 { UInt64(u32(at)) | UInt64(u32(at + 4)) << 32 }
}
