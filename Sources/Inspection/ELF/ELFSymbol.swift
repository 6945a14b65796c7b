/// One symbol; its name is read when it is asked for, since a large program has 100,000 of them.
package struct ELFSymbol: Sendable, Hashable {
    package enum Kind: UInt8, Sendable, Hashable {
        case none = 0, object = 1, function = 2, section = 3, file = 4, common = 5, threadLocal = 6
        case indirectFunction = 10
        case other = 255
    }

    package var address: UInt64
    package var size: UInt64
    package var kind: Kind
    /// 0 local, 1 global, 2 weak.
    package var binding: UInt8
    /// Whether the file holds what the symbol names; absolute values do not count.
    package var isDefined: Bool
    package var isDynamic: Bool
    /// The section's number; 0 where it is undefined.
    package var section: UInt16
    /// Where the name begins in the file, and where its table ends; both inside the file.
    var nameOffset: Int
    var namesEnd: Int
}

extension ELFImage {
    package func name(of symbol: ELFSymbol) -> String {
        ELFBytes(bytes).text(at: symbol.nameOffset, limit: symbol.nameOffset..<max(symbol.nameOffset, symbol.namesEnd))
    }

    /// `.symtab`, then `.dynsym`, without the empty first entries. Read anew at every call: keep the result.
    package var symbols: [ELFSymbol] {
        symbols(of: .symbols) + dynamicSymbols
    }

    /// The symbols that the loader knows, in the order of their numbers from 1 on; found without section headers too.
    package var dynamicSymbols: [ELFSymbol] {
        if sections.contains(where: { $0.kind == .dynamicSymbols }) { return symbols(of: .dynamicSymbols) }
        guard let dynamic, let address = dynamic[ELFDynamic.Tag.symbols],
            let names = ELFDynamic.strings(dynamic.values, loads, ELFBytes(bytes)),
            let count = dynamicSymbolCount, let table = fileRange(ofAddress: address, count: count * 24)
        else { return [] }
        return entries(in: table, names: names, isDynamic: true)
    }

    /// A file has at most one table of each kind (gABI, "Sections"); many that cover the same bytes are an attack.
    private func symbols(of kind: ELFSection.Kind) -> [ELFSymbol] {
        guard let section = sections.first(where: { $0.kind == kind }), let table = range(of: section),
            section.link < sections.count, let names = range(of: sections[section.link])
        else { return [] }
        return entries(in: table, names: names, isDynamic: kind == .dynamicSymbols)
    }

    /// The largest browsers with all their symbols stay below it; 80 MB in memory.
    private static let mostSymbols = 2_000_000

    private func entries(in table: Range<Int>, names: Range<Int>, isDynamic: Bool) -> [ELFSymbol] {
        let source = ELFBytes(bytes)
        var result: [ELFSymbol] = []
        result.reserveCapacity(min(table.count / 24, Self.mostSymbols))
        var offset = table.lowerBound + 24
        while offset + 24 <= table.upperBound, result.count < Self.mostSymbols {
            defer { offset += 24 }
            guard let name = source.integer(at: offset, as: UInt32.self),
                let info = source.integer(at: offset + 4, as: UInt8.self),
                let section = source.integer(at: offset + 6, as: UInt16.self),
                let address = source.integer(at: offset + 8, as: UInt64.self),
                let size = source.integer(at: offset + 16, as: UInt64.self)
            else { break }
            let isInside = Int(name) < names.count
            result.append(
                ELFSymbol(
                    address: address,
                    size: size,
                    kind: ELFSymbol.Kind(rawValue: info & 15) ?? .other,
                    binding: info >> 4,
                    // 0 is undefined, 0xff00 and above are absolute and the like; 0xffff says "see elsewhere".
                    isDefined: section != 0 && (section < 0xff00 || section == 0xffff),
                    isDynamic: isDynamic,
                    section: section,
                    nameOffset: isInside ? names.lowerBound + Int(name) : names.upperBound,
                    namesEnd: names.upperBound
                )
            )
        }
        return result
    }

    /// Their number stands nowhere: DT_HASH has it as its chain count; with DT_GNU_HASH the last chain tells, and what is
    /// only imported, and so in no chain, has relocations.
    private var dynamicSymbolCount: Int? {
        guard let dynamic else { return nil }
        if let hash = dynamic[ELFDynamic.Tag.hash], let range = fileRange(ofAddress: hash, count: 8) {
            return integer(at: range.lowerBound + 4, as: UInt32.self).map(Int.init)
        }
        guard let count = dynamic[ELFDynamic.Tag.gnuHash].flatMap(countByGNUHash) else { return nil }
        return max(count, relocations.reduce(0) { max($0, $1.symbol) } + 1)
    }

    private func countByGNUHash(_ address: UInt64) -> Int? {
        guard let start = fileRange(ofAddress: address, count: 16)?.lowerBound,
            let buckets = integer(at: start, as: UInt32.self).map(Int.init),
            let first = integer(at: start + 4, as: UInt32.self).map(Int.init),
            let filters = integer(at: start + 8, as: UInt32.self).map(Int.init),
            buckets <= bytes.count / 4, filters <= bytes.count / 8
        else { return nil }
        let bucketTable = start + 16 + filters * 8
        var last = 0
        for index in 0..<buckets {
            guard let value = integer(at: bucketTable + index * 4, as: UInt32.self) else { return nil }
            last = max(last, Int(value))
        }
        guard last >= first else { return first }
        let chains = bucketTable + buckets * 4
        while let value = integer(at: chains + (last - first) * 4, as: UInt32.self) {
            last += 1
            if value & 1 == 1 { return last }
        }
        return nil
    }
}
