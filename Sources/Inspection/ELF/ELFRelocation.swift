internal import LambdaModel

/// A place that the loader fills in before the program starts.
package struct ELFRelocation: Sendable, Hashable {
    package var address: UInt64
    /// `R_X86_64_…` or `R_AARCH64_…`; the entries of a RELR table carry the relative type of their architecture.
    package var type: UInt32
    /// The number of the dynamic symbol; 0 where there is none.
    package var symbol: Int
    /// For a RELR entry the value that stands at the address in the file.
    package var addend: UInt64

    /// `R_X86_64_RELATIVE`, `R_AARCH64_RELATIVE`: the load bias plus the addend.
    package static let relativeX86: UInt32 = 8
    package static let relativeARM64: UInt32 = 1027
    /// `R_X86_64_IRELATIVE`, `R_AARCH64_IRELATIVE`: what the function at the addend returns.
    package static let indirectX86: UInt32 = 37
    package static let indirectARM64: UInt32 = 1032
}

extension ELFImage {
    /// Every relocation that the loader applies, or that a static program applies to itself; at most as many as the file has room
    /// for. Read anew at every call: keep the result.
    package var relocations: [ELFRelocation] {
        var result: [ELFRelocation] = []
        for table in relocationTables { append(table, to: &result) }
        appendRELR(to: &result)
        return result
    }

    /// Linkers write three tables and at most four million relocations: 128 MB in memory.
    private static let mostTables = 64, mostRelocations = 4_000_000

    /// File ranges, each once: the dynamic section's tables, and sections in memory (a static program has
    /// `.rela.plt` and no dynamic section).
    private var relocationTables: [Range<Int>] {
        var tables: [Range<Int>] = []
        func add(_ range: Range<Int>?) {
            guard let range, !range.isEmpty, tables.count < Self.mostTables,
                !tables.contains(where: { $0.overlaps(range) })
            else { return }
            tables.append(range)
        }
        if let dynamic {
            typealias Tag = ELFDynamic.Tag
            for (address, size) in [
                (Tag.relocations, Tag.relocationsSize), (Tag.pltRelocations, Tag.pltRelocationsSize),
            ] {
                guard let address = dynamic[address], let size = dynamic[size].flatMap(Int.init(exactly:)) else {
                    continue
                }
                add(fileRange(ofAddress: address, count: size))
            }
        }
        for section in sections where section.kind == .relocationsWithAddend && section.isInMemory {
            add(range(of: section))
        }
        return tables
    }

    private func append(_ table: Range<Int>, to result: inout [ELFRelocation]) {
        result.reserveCapacity(min(result.count + table.count / 24, Self.mostRelocations))
        var offset = table.lowerBound
        while offset + 24 <= table.upperBound, result.count < Self.mostRelocations {
            defer { offset += 24 }
            guard let address = integer(at: offset, as: UInt64.self),
                let info = integer(at: offset + 8, as: UInt64.self),
                let addend = integer(at: offset + 16, as: UInt64.self)
            else { return }
            let relocation = ELFRelocation(
                address: address,
                type: UInt32(truncatingIfNeeded: info),
                symbol: Int(info >> 32),
                addend: addend
            )
            result.append(relocation)
        }
    }

    /// The compact form of relative relocations: an even word is an address, an odd one a bit map of the 63 words after
    /// the last one (gABI, "Relative Relocation Table").
    private func appendRELR(to result: inout [ELFRelocation]) {
        guard let dynamic, let start = dynamic[ELFDynamic.Tag.relr],
            let size = dynamic[ELFDynamic.Tag.relrSize].flatMap(Int.init(exactly:)),
            let table = fileRange(ofAddress: start, count: size)
        else { return }
        let type = architecture == .arm64 ? ELFRelocation.relativeARM64 : ELFRelocation.relativeX86
        // Words that repeat themselves may name the same places again and again; a valid table names each once.
        let most = min(Self.mostRelocations, result.count + bytes.count / 8)
        func add(_ address: UInt64) {
            guard result.count < most, let range = fileRange(ofAddress: address, count: 8),
                let addend = integer(at: range.lowerBound, as: UInt64.self)
            else { return }
            result.append(ELFRelocation(address: address, type: type, symbol: 0, addend: addend))
        }
        var next: UInt64 = 0
        for offset in stride(from: table.lowerBound, to: table.upperBound - 7, by: 8) {
            guard let entry = integer(at: offset, as: UInt64.self) else { return }
            if entry & 1 == 0 {
                add(entry)
                next = entry &+ 8
            } else {
                for bit in 1..<64 where entry >> UInt64(bit) & 1 == 1 { add(next &+ UInt64(bit - 1) &* 8) }
                next = next &+ 63 &* 8
            }
        }
    }
}
