/// A minimal ELF file: header, program headers, the loader's path.
struct MinimalELF {
    static let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]
    var is64Bit = true
    var machine: UInt16 = 62
    var type: UInt16 = 2
    var loader: String?
    var loadSize: UInt64?

    var bytes: [UInt8] {
        let headerSize = is64Bit ? 64 : 52
        let segmentSize = is64Bit ? 56 : 32
        let segments = (loader == nil ? 0 : 1) + 1
        let textOffset = headerSize + segmentSize * segments
        let text: [UInt8] = loader.map { Array($0.utf8) + [0] } ?? []
        let total = textOffset + text.count

        var result: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, is64Bit ? 2 : 1, 1, 1] + [UInt8](repeating: 0, count: 9)
        result += little(type) + little(machine) + little(UInt32(1))
        result += word(0) + word(UInt64(headerSize)) + word(0)
        result += little(UInt32(0)) + little(UInt16(headerSize))
        result += little(UInt16(segmentSize)) + little(UInt16(segments))
        result += little(UInt16(0)) + little(UInt16(0)) + little(UInt16(0))
        if loader != nil { result += segment(type: 3, offset: textOffset, size: UInt64(text.count)) }
        result += segment(type: 1, offset: 0, size: loadSize ?? UInt64(total))
        return result + text
    }

    private func segment(type: UInt32, offset: Int, size: UInt64) -> [UInt8] {
        let offset = UInt64(offset)
        let words: [UInt64] = [offset, 0, 0, size, size]
        var result = little(type)
        if is64Bit { result += little(UInt32(5)) }
        for value in words { result += word(value) }
        if !is64Bit { result += little(UInt32(5)) }
        return result + word(0)
    }

    private func word(_ value: UInt64) -> [UInt8] {
        is64Bit ? little(value) : little(UInt32(truncatingIfNeeded: value))
    }

    private func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
