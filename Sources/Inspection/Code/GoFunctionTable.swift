/// Go's table of functions (pclntab), which survives stripping: the formats of Go 1.2, 1.16, 1.18 and 1.20.
struct GoFunctionTable {
    struct Function {
        var address: UInt64
        /// Offset of the zero-terminated name in the file.
        var name: Int
    }

    private let image: ELFImage
    private let start: Int
    private let magic: UInt32

    /// More functions than any real program has; keeps memory bounded.
    static let limit = 4_000_000

    /// In ascending order of address, with the end of the last as a last entry without a name (-1).
    static func functions(of image: ELFImage) -> [Function] {
        guard let table = GoFunctionTable(image) else { return [] }
        return table.read()
    }

    private init?(_ image: ELFImage) {
        self.image = image
        let names = [".gopclntab", ".data.rel.ro.gopclntab"]
        for name in names {
            guard let section = image.section(named: name), let range = image.range(of: section),
                let magic = Self.magic(image, at: range.lowerBound)
            else { continue }
            start = range.lowerBound
            self.magic = magic
            return
        }
        return nil
    }

    private static func magic(_ image: ELFImage, at offset: Int) -> UInt32? {
        guard let magic = image.integer(at: offset, as: UInt32.self),
            [0xffff_fffb, 0xffff_fffa, 0xffff_fff0, 0xffff_fff1].contains(magic),
            image.integer(at: offset + 7, as: UInt8.self) == 8
        else { return nil }
        return magic
    }

    private func read() -> [Function] {
        guard let count = word(1), count > 0, count < UInt64(Self.limit), let count = Int(exactly: count) else {
            return []
        }
        switch magic {
        case 0xffff_fffb: return entries(count, at: start + 16, wide: true, base: 0, names: start, records: start)
        case 0xffff_fffa:
            guard let names = offset(3), let records = offset(7) else { return [] }
            return entries(count, at: records, wide: true, base: 0, names: names, records: records)
        default:
            // Since 1.26 the linker may leave the start of text to the loader; then the section tells it.
            guard let names = offset(4), let records = offset(8), let text = word(3) else { return [] }
            let base = text != 0 ? text : image.section(named: ".text")?.address ?? 0
            return entries(count, at: records, wide: false, base: base, names: names, records: records)
        }
    }

    private func entries(_ count: Int, at table: Int, wide: Bool, base: UInt64, names: Int, records: Int) -> [Function]
    {
        let size = wide ? 8 : 4
        var result: [Function] = []
        // Each entry takes two fields, so the file's size bounds the count that can be true.
        guard count <= image.bytes.count / (2 * size) else { return [] }
        result.reserveCapacity(count + 1)
        for index in 0...count {
            let place = table + index * 2 * size
            guard let address = field(place, wide) else { break }
            guard index < count else {
                result.append(Function(address: base &+ address, name: -1))
                break
            }
            guard let record = field(place + size, wide), let offset = Int(exactly: record),
                offset < image.bytes.count,
                let name = image.integer(at: records + offset + size, as: UInt32.self)
            else { break }
            result.append(Function(address: base &+ address, name: names + Int(name)))
        }
        return result
    }

    private func field(_ place: Int, _ wide: Bool) -> UInt64? {
        wide ? image.integer(at: place, as: UInt64.self) : image.integer(at: place, as: UInt32.self).map(UInt64.init)
    }

    /// The word of the header with this index, counted from its first eight bytes.
    private func word(_ index: Int) -> UInt64? {
        image.integer(at: start + 8 * index, as: UInt64.self)
    }

    private func offset(_ index: Int) -> Int? {
        guard let value = word(index), let offset = Int(exactly: value), offset <= image.bytes.count - start else {
            return nil
        }
        return start + offset
    }
}
