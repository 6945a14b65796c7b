/// One entry of the section header table: for linkers and debuggers; a program runs without it.
package struct ELFSection: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case none, program, symbols, strings, relocationsWithAddend, dynamic, note, noBits, dynamicSymbols
        case versionNeeds, versionIndexes
        case other(UInt32)
    }

    package var name: String
    package var kind: Kind
    /// `SHF_…`: 1 writable, 2 in memory, 4 executable, 0x400 thread-local, 0x800 compressed.
    package var flags: UInt64
    package var address: UInt64
    package var fileOffset: UInt64
    package var size: UInt64
    package var link: Int
    package var info: Int
    package var entrySize: UInt64

    package var isExecutable: Bool { flags & 4 != 0 }
    package var isInMemory: Bool { flags & 2 != 0 }

    /// A linked program has about 40.
    private static let mostSections: UInt64 = 1 << 16

    /// All sections; none when the table does not lie inside the file.
    static func all(of header: ELFHeader, in source: ELFBytes) -> [ELFSection] {
        guard header.is64Bit, let offset = source.integer(at: 40, as: UInt64.self),
            let entrySize = source.integer(at: 58, as: UInt16.self), entrySize >= 64,
            var count = source.integer(at: 60, as: UInt16.self).map(UInt64.init),
            var names = source.integer(at: 62, as: UInt16.self).map(UInt64.init),
            offset > 0, let table = Int(exactly: offset)
        else { return [] }
        // More than 65,279 sections: the real numbers stand in the first entry (gABI, "Section header table entry 0").
        if count == 0 { count = source.integer(at: table &+ 32, as: UInt64.self) ?? 0 }
        if names == 0xffff { names = source.integer(at: table &+ 40, as: UInt32.self).map(UInt64.init) ?? 0 }
        guard count <= Self.mostSections, source.range(at: offset, count: count * UInt64(entrySize)) != nil else {
            return []
        }

        let raw = (0..<Int(count)).map { Raw(at: table + $0 * Int(entrySize), in: source) }
        let strings = names < count ? raw[Int(names)].range(in: source) : nil
        return raw.map { $0.section(names: strings, in: source) }
    }

    private struct Raw {
        var name: UInt32
        var section: ELFSection

        /// The caller has checked that the entry lies inside the file.
        init(at offset: Int, in source: ELFBytes) {
            func word(_ position: Int) -> UInt32 { source.integer(at: offset + position) ?? 0 }
            func long(_ position: Int) -> UInt64 { source.integer(at: offset + position) ?? 0 }
            name = word(0)
            section = ELFSection(
                name: "",
                kind: ELFSection.kind(word(4)),
                flags: long(8),
                address: long(16),
                fileOffset: long(24),
                size: long(32),
                link: Int(word(40)),
                info: Int(word(44)),
                entrySize: long(56)
            )
        }

        func range(in source: ELFBytes) -> Range<Int>? {
            source.range(at: section.fileOffset, count: section.size)
        }

        func section(names: Range<Int>?, in source: ELFBytes) -> ELFSection {
            var result = section
            if let names { result.name = source.text(at: names.lowerBound &+ Int(name), limit: names, most: 256) }
            return result
        }
    }

    private static func kind(_ type: UInt32) -> Kind {
        switch type {
        case 0: .none
        case 1: .program
        case 2: .symbols
        case 3: .strings
        case 4: .relocationsWithAddend
        case 6: .dynamic
        case 7: .note
        case 8: .noBits
        case 11: .dynamicSymbols
        case 0x6fff_fffe: .versionNeeds
        case 0x6fff_ffff: .versionIndexes
        default: .other(type)
        }
    }
}
