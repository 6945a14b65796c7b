/// The functions that the unwind tables of an image tell of, which survive stripping.
///
/// The section is walked itself: static programs at fixed addresses have no index (`.eh_frame_hdr`).
struct EHFrameFunctions {
    private let image: ELFImage
    private let section: Range<Int>
    /// Of the section's first byte.
    private let address: UInt64
    /// The pointer encoding of each common entry by its offset; `nil` where it is not understood.
    private var encodings: [Int: UInt8] = [:]

    /// More functions than any real program has; keeps memory bounded.
    static let limit = 4_000_000

    static func functions(of image: ELFImage) -> [Range<UInt64>] {
        guard var reader = EHFrameFunctions(image) else { return [] }
        return reader.walk()
    }

    private init?(_ image: ELFImage) {
        self.image = image
        if let section = image.section(named: ".eh_frame"), let range = image.range(of: section) {
            self.section = range
            address = section.address
        } else if let place = Self.placeByIndex(image) {
            (section, address) = place
        } else {
            return nil
        }
    }

    /// Without section headers the index (PT_GNU_EH_FRAME) says where the table begins; it ends by a zero length.
    private static func placeByIndex(_ image: ELFImage) -> (Range<Int>, UInt64)? {
        guard let segment = image.segments.first(where: { $0.kind == .exceptionFrames }),
            let index = image.fileOffset(ofAddress: segment.address),
            image.integer(at: index, as: UInt8.self) == 1,
            // Relative to itself, four signed bytes: the only encoding that linkers write.
            image.integer(at: index + 1, as: UInt8.self) == 0x1b,
            let relative = image.integer(at: index + 4, as: UInt32.self)
        else { return nil }
        let start = segment.address &+ 4 &+ UInt64(bitPattern: Int64(Int32(bitPattern: relative)))
        guard let offset = image.fileOffset(ofAddress: start) else { return nil }
        return (offset..<image.bytes.count, start)
    }

    private mutating func walk() -> [Range<UInt64>] {
        var result: [Range<UInt64>] = []
        var position = section.lowerBound
        while let length = image.integer(at: position, as: UInt32.self), length != 0, length < 0xffff_fff0 {
            let body = position + 4
            let end = body + Int(length)
            guard end <= section.upperBound, length >= 4, result.count < Self.limit else { break }
            if let identifier = image.integer(at: body, as: UInt32.self), identifier != 0,
                let function = describedFunction(at: body, end: end, common: body - Int(identifier))
            {
                result.append(function)
            }
            position = end
        }
        return result
    }

    private mutating func describedFunction(at body: Int, end: Int, common: Int) -> Range<UInt64>? {
        guard common >= section.lowerBound, let encoding = encoding(ofCommonEntryAt: common) else { return nil }
        let field = body + 4
        let size = encoding & 0x0f == 0x0b || encoding & 0x0f == 0x03 ? 4 : 8
        guard field + 2 * size <= end, let raw = word(at: field, encoding: encoding),
            let length = word(at: field + size, encoding: encoding & 0x07)
        else { return nil }
        let isRelative = encoding & 0x70 == 0x10
        let start = isRelative ? raw &+ address &+ UInt64(field - section.lowerBound) : raw
        return Range(addressesFrom: start, size: length)
    }

    /// Only the encodings that compilers use for code: absolute or relative to the field, four or eight bytes.
    private func word(at offset: Int, encoding: UInt8) -> UInt64? {
        switch encoding & 0x0f {
        case 0x00, 0x04, 0x0c: image.integer(at: offset, as: UInt64.self)
        case 0x03: image.integer(at: offset, as: UInt32.self).map(UInt64.init)
        case 0x0b:
            image.integer(at: offset, as: UInt32.self).map { UInt64(bitPattern: Int64(Int32(bitPattern: $0))) }
        default: nil
        }
    }

    private mutating func encoding(ofCommonEntryAt start: Int) -> UInt8? {
        if let known = encodings[start] { return known == 0xff ? nil : known }
        let found = readEncoding(start) ?? 0xff
        encodings[start] = found
        return found == 0xff ? nil : found
    }

    /// Walks the augmentation string to the `R` that names the encoding of addresses.
    private func readEncoding(_ start: Int) -> UInt8? {
        guard let length = image.integer(at: start, as: UInt32.self), length < 4096,
            image.integer(at: start + 4, as: UInt32.self) == 0
        else { return nil }
        let end = start + 4 + Int(length)
        var position = start + 9
        var letters: [UInt8] = []
        while let letter = image.integer(at: position, as: UInt8.self), position < end, letters.count < 16 {
            position += 1
            if letter == 0 { break }
            letters.append(letter)
        }
        guard letters.first == UInt8(ascii: "z") else { return letters.isEmpty ? 0 : nil }
        // Code alignment, data alignment, return register, length of the augmentation data.
        for _ in 0..<4 { skipVariableLength(&position, end) }
        for letter in letters.dropFirst() {
            guard position < end, let byte = image.integer(at: position, as: UInt8.self) else { return nil }
            switch letter {
            case UInt8(ascii: "R"): return byte
            case UInt8(ascii: "L"): position += 1
            case UInt8(ascii: "P"): position += 1 + (byte & 0x07 == 0x03 ? 4 : 8)
            case UInt8(ascii: "S"), UInt8(ascii: "B"): break
            default: return nil
            }
        }
        return 0
    }

    private func skipVariableLength(_ position: inout Int, _ end: Int) {
        while position < end, let byte = image.integer(at: position, as: UInt8.self) {
            position += 1
            if byte & 0x80 == 0 { break }
        }
    }
}
