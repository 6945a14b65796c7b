/// An x86-64 ELF file as the analysis sees it: code, data, and what the loader writes into data.
struct X86Image: Sendable {
    let file: ELFImage
    /// Loaded at its own addresses, so that any word of data may be a pointer without a relocation saying so.
    let isFixed: Bool
    let isSharedObject: Bool
    /// Mapped and executable, as address ranges that the file backs, in ascending order.
    let code: [Range<UInt64>]
    /// Mapped, not executable and backed by the file; in all not much more than the file holds, however often its segments
    /// map the same bytes.
    let data: [Range<UInt64>]
    /// The smallest range that holds every mapped address.
    let extent: Range<UInt64>
    /// Words that the loader turns into addresses inside the image: where, and what they will be. Sorted by `place`.
    let pointers: [Pointer]
    /// Words that the loader fills with the address of another object's symbol.
    let imports: [UInt64: String]
    /// Functions that the loader calls to choose an implementation.
    let resolvers: Set<UInt64>
    /// Of both tables; read once.
    let symbols: [ELFSymbol]

    struct Pointer: Sendable, Hashable {
        var place: UInt64
        var target: UInt64
    }

    init(_ file: ELFImage) {
        self.file = file
        let loaded = file.segments.filter { $0.kind == .load }
        code = Self.merged(loaded.filter(\.isExecutable).compactMap { Self.backed($0, file) })
        data = Self.bounded(loaded.filter { !$0.isExecutable }.compactMap { Self.backed($0, file) }, file)
        symbols = file.symbols
        let ranges = loaded.compactMap { Range(addressesFrom: $0.address, size: $0.memorySize) }
        let low = ranges.map(\.lowerBound).min() ?? 0
        extent = low..<max(low, ranges.map(\.upperBound).max() ?? 0)
        isFixed = file.header.kind == .executable
        // A position-independent program has an entry point and a loader or is static; a library has a name instead.
        isSharedObject =
            file.header.kind == .sharedObject
            && (file.header.entry == 0 || (file.interpreter == nil && file.dynamic?.soname != nil))
        var found = Loader(file: file, dynamicSymbols: file.dynamicSymbols)
        found.read(symbols)
        pointers = found.pointers
        imports = found.imports
        resolvers = found.resolvers
    }

    func isCode(_ address: UInt64) -> Bool {
        Self.holds(code, address)
    }

    /// The file's offset of a mapped address that is data for the analysis (not executable).
    func dataOffset(_ address: UInt64) -> Int? {
        isCode(address) ? nil : file.fileOffset(ofAddress: address)
    }

    /// The word at an address: what the loader will write there, or what the file holds in a fixed image.
    func pointer(at place: UInt64) -> UInt64? {
        let index = firstPointer(from: place)
        if index < pointers.count, pointers[index].place == place { return pointers[index].target }
        guard isFixed, let offset = file.fileOffset(ofAddress: place) else { return nil }
        return file.integer(at: offset, as: UInt64.self)
    }

    /// The index of the first of `pointers` at or above an address.
    func firstPointer(from address: UInt64) -> Int {
        var low = 0
        var high = pointers.count
        while low < high {
            let middle = (low + high) / 2
            if pointers[middle].place < address { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// A range of addresses whose bytes the file holds, cut to that.
    func backed(_ start: UInt64, _ size: UInt64) -> Range<UInt64>? {
        let count = Int(clamping: min(size, UInt64(file.bytes.count)))
        guard let range = Range(addressesFrom: start, size: UInt64(count)),
            file.fileRange(ofAddress: start, count: count) != nil
        else {
            return nil
        }
        return range
    }

    private static func backed(_ segment: ELFSegment, _ file: ELFImage) -> Range<UInt64>? {
        guard let offset = file.fileOffset(ofAddress: segment.address) else { return nil }
        return Range(addressesFrom: segment.address, size: min(segment.fileSize, UInt64(file.bytes.count - offset)))
    }

    private static func bounded(_ ranges: [Range<UInt64>], _ file: ELFImage) -> [Range<UInt64>] {
        var left = 2 * UInt64(file.bytes.count)
        return ranges.prefix { range in
            let size = range.upperBound - range.lowerBound
            defer { left -= min(left, size) }
            return size <= left
        }
    }

    static func holds(_ ranges: [Range<UInt64>], _ address: UInt64) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= address { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(address)
    }

    private static func merged(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
        var result: [Range<UInt64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, range.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }
}

extension X86Image {
    /// Sorts the relocations of an image by what they write.
    private struct Loader {
        let file: ELFImage
        let dynamicSymbols: [ELFSymbol]
        var pointers: [Pointer] = []
        var imports: [UInt64: String] = [:]
        var resolvers: Set<UInt64> = []

        mutating func read(_ symbols: [ELFSymbol]) {
            for symbol in symbols where symbol.kind == .indirectFunction && symbol.isDefined {
                resolvers.insert(symbol.address)
            }
            for relocation in file.relocations { read(relocation) }
            pointers.sort { $0.place < $1.place }
        }

        /// The numbers are those of the x86-64 psABI.
        private mutating func read(_ relocation: ELFRelocation) {
            let addend = relocation.addend
            switch relocation.type {
            case 8: pointers.append(Pointer(place: relocation.address, target: addend))
            case 37:
                resolvers.insert(addend)
                pointers.append(Pointer(place: relocation.address, target: addend))
            case 1, 6, 7: readSymbol(relocation, addend: relocation.type == 1 ? addend : 0)
            default: break
            }
        }

        private mutating func readSymbol(_ relocation: ELFRelocation, addend: UInt64) {
            // The first symbol of a table stands for none and is not in the list.
            guard relocation.symbol > 0, relocation.symbol <= dynamicSymbols.count else { return }
            let symbol = dynamicSymbols[relocation.symbol - 1]
            if symbol.isDefined {
                pointers.append(Pointer(place: relocation.address, target: symbol.address &+ addend))
            } else {
                imports[relocation.address] = file.name(of: symbol)
            }
        }
    }
}
