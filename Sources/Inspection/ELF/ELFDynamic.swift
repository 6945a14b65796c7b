/// The dynamic section: what the loader is told.
package struct ELFDynamic: Sendable, Hashable {
    /// `DT_NEEDED`.
    package var needed: [String] = []
    package var soname: String?
    package var rpath: String?
    package var runpath: String?
    /// Every tag's value, the last one where a tag stands twice.
    package var values: [UInt64: UInt64] = [:]

    package enum Tag {
        package static let needed: UInt64 = 1, pltRelocationsSize: UInt64 = 2, hash: UInt64 = 4, strings: UInt64 = 5
        package static let symbols: UInt64 = 6, relocations: UInt64 = 7, relocationsSize: UInt64 = 8
        package static let stringsSize: UInt64 = 10, initialiser: UInt64 = 12, finaliser: UInt64 = 13
        package static let soname: UInt64 = 14, rpath: UInt64 = 15, pltRelocations: UInt64 = 23
        package static let initArray: UInt64 = 25, finiArray: UInt64 = 26, initArraySize: UInt64 = 27
        package static let finiArraySize: UInt64 = 28, runpath: UInt64 = 29, preinitArray: UInt64 = 32
        package static let preinitArraySize: UInt64 = 33, relrSize: UInt64 = 35, relr: UInt64 = 36
        package static let gnuHash: UInt64 = 0x6fff_fef5, flags1: UInt64 = 0x6fff_fffb
        package static let versionNeeds: UInt64 = 0x6fff_fffe, versionNeedCount: UInt64 = 0x6fff_ffff
    }

    /// Linux's PATH_MAX. The libraries of the largest programs are a few hundred.
    private static let longestPath = 4096, mostTexts = 2000

    package subscript(tag: UInt64) -> UInt64? { values[tag] }

    /// `nil` for a file without a dynamic segment.
    init?(segments: [ELFSegment], loads: [ELFSegment], in source: ELFBytes) {
        guard let segment = segments.first(where: { $0.kind == .dynamic }),
            let range = source.range(at: segment.fileOffset, count: min(segment.fileSize, 1 << 20))
        else { return nil }
        var texts: [(tag: UInt64, offset: UInt64)] = []
        var offset = range.lowerBound
        while offset + 16 <= range.upperBound {
            guard let tag = source.integer(at: offset, as: UInt64.self),
                let value = source.integer(at: offset + 8, as: UInt64.self), tag != 0
            else { break }
            offset += 16
            values[tag] = value
            if [Tag.needed, Tag.soname, Tag.rpath, Tag.runpath].contains(tag), texts.count < Self.mostTexts {
                texts.append((tag, value))
            }
        }
        guard let strings = Self.strings(values, loads, source) else { return }
        for (tag, offset) in texts {
            guard let offset = Int(exactly: offset), offset < strings.count else { continue }
            let text = source.text(at: strings.lowerBound + offset, limit: strings, most: Self.longestPath)
            switch tag {
            case Tag.needed: needed.append(text)
            case Tag.soname: soname = text
            case Tag.rpath: rpath = text
            default: runpath = text
            }
        }
    }

    /// The file range of the dynamic string table.
    static func strings(_ values: [UInt64: UInt64], _ loads: [ELFSegment], _ source: ELFBytes) -> Range<Int>? {
        guard let address = values[Tag.strings], let size = values[Tag.stringsSize] else { return nil }
        return loads.fileRange(ofAddress: address, count: size, in: source)
    }
}

extension [ELFSegment] {
    /// The segment that holds an address; the array is sorted by address.
    func holding(address: UInt64) -> ELFSegment? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].address <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let segment = self[low - 1]
        return address - segment.address < segment.memorySize ? segment : nil
    }

    /// Where `count` bytes from an address lie in the file; `nil` when not all of them do.
    func fileRange(ofAddress address: UInt64, count: UInt64, in source: ELFBytes) -> Range<Int>? {
        guard let segment = holding(address: address) else { return nil }
        let inside = address - segment.address
        guard inside <= segment.fileSize, count <= segment.fileSize - inside else { return nil }
        let (offset, overflow) = segment.fileOffset.addingReportingOverflow(inside)
        return overflow ? nil : source.range(at: offset, count: count)
    }
}
