internal import LambdaModel

/// An AArch64 ELF file as the analysis sees it: its code as words, and what the loader writes into its data.
struct ARM64Image: Sendable {
    let file: ELFImage
    let symbols: [ELFSymbol]
    /// Loaded at its own addresses, so that any word of data may be a pointer without a relocation saying so.
    let isFixed: Bool
    let isSharedObject: Bool
    /// All instruction words, the ranges of code one after the other.
    let words: [UInt32]
    let ranges: [CodeRange]
    /// Words that the loader turns into addresses inside the image, sorted by `place`.
    let pointers: [Pointer]
    /// Words that the loader fills with the address of another object's symbol.
    let imports: [UInt64: String]
    /// Functions that the loader calls to choose an implementation.
    let resolvers: Set<UInt64>
    /// Data that is constant once the program runs although the loader writes it.
    private let constants: [Range<UInt64>]

    private static let mostRanges = 64

    struct CodeRange: Sendable {
        var address: UInt64
        /// In `words`.
        var start: Int
        var count: Int
    }

    struct Pointer: Sendable, Hashable {
        var place: UInt64
        var target: UInt64
        /// A slot of the global offset table, which only the loader writes.
        var isSlot: Bool
    }

    init(_ file: ELFImage) {
        self.file = file
        symbols = file.symbols
        isFixed = file.header.kind == .executable
        isSharedObject =
            file.header.kind == .sharedObject
            && (file.header.entry == 0 || (file.interpreter == nil && file.dynamic?.soname != nil))
        (words, ranges) = Self.code(of: file)
        var loader = Loader(file: file, symbols: file.dynamicSymbols)
        loader.read(symbols)
        pointers = loader.pointers
        imports = loader.imports
        resolvers = loader.resolvers
        constants =
            file.segments.filter { $0.kind == .other(0x6474_e552) }.prefix(4).compactMap {
                Range(addressesFrom: $0.address, size: $0.memorySize)
            }
            + [".got", ".got.plt"].compactMap { file.section(named: $0) }.compactMap {
                Range(addressesFrom: $0.address, size: $0.size)
            }
    }

    /// Executable sections where there are any: a file linked with one segment for all has its constants in it too.
    private static func code(of file: ELFImage) -> ([UInt32], [CodeRange]) {
        let executable = file.sections.filter { $0.isExecutable && $0.isInMemory }
        // Programs have about five. Every look-up goes through all ranges.
        let sections = executable.count <= Self.mostRanges ? executable : []
        var places = sections.compactMap { section in file.range(of: section).map { (section.address, $0) } }
        if places.isEmpty {
            places = file.segments.filter { $0.kind == .load && $0.isExecutable }.compactMap { segment in
                guard let size = Int(exactly: segment.fileSize) else { return nil }
                return file.fileRange(ofAddress: segment.address, count: size).map { (segment.address, $0) }
            }
        }
        places.sort { $0.0 < $1.0 }
        var words: [UInt32] = []
        var ranges: [CodeRange] = []
        var end: UInt64 = 0
        for (address, place) in places.prefix(Self.mostRanges)
        where address >= end && address & 3 == 0 && address < 1 << 60 {
            let count = place.count / 4
            guard count > 0, place.upperBound <= file.bytes.count else { continue }
            ranges.append(CodeRange(address: address, start: words.count, count: count))
            file.bytes.withUnsafeBytes { bytes in
                for index in 0..<count {
                    let word = bytes.loadUnaligned(fromByteOffset: place.lowerBound + index * 4, as: UInt32.self)
                    words.append(UInt32(littleEndian: word))
                }
            }
            end = address + UInt64(count) * 4
        }
        return (words, ranges)
    }

    /// A symbol's name of at most 200 bytes; `nil` for a longer one.
    func shortName(of symbol: ELFSymbol) -> String? {
        let start = max(0, min(symbol.nameOffset, file.bytes.count))
        let name = file.bytes[start...].prefix(200)
        guard let end = name.firstIndex(of: 0), end > start else { return nil }
        return String(decoding: name[..<end], as: UTF8.self)
    }

    // MARK: Addresses

    /// The index in `words` of an instruction's address.
    func index(of address: UInt64) -> Int? {
        guard address & 3 == 0 else { return nil }
        for range in ranges where address >= range.address {
            let offset = (address - range.address) / 4
            if offset < UInt64(range.count) { return range.start + Int(offset) }
        }
        return nil
    }

    func address(of index: Int) -> UInt64 {
        for range in ranges where index >= range.start && index < range.start + range.count {
            return range.address + UInt64(index - range.start) * 4
        }
        return 0
    }

    func isCode(_ address: UInt64) -> Bool { index(of: address) != nil }

    /// The word at an address: what the loader will write there, or what the file holds in a fixed image.
    func pointer(at place: UInt64) -> UInt64? {
        let index = firstPointer(from: place)
        if index < pointers.count, pointers[index].place == place { return pointers[index].target }
        guard isFixed, let offset = file.fileOffset(ofAddress: place),
            let value = file.integer(at: offset, as: UInt64.self), value != 0, file.isMapped(address: value)
        else { return nil }
        return value
    }

    /// The pointer at an address that the program itself never writes.
    func constantPointer(at place: UInt64) -> UInt64? {
        let index = firstPointer(from: place)
        if index < pointers.count, pointers[index].place == place, pointers[index].isSlot {
            return pointers[index].target
        }
        guard constants.contains(where: { $0.contains(place) }) || !file.isWritable(address: place) else { return nil }
        return pointer(at: place)
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
}

extension ARM64Image {
    /// Sorts the relocations of an image by what they write.
    private struct Loader {
        let file: ELFImage
        /// The loader's, by number from 1 on.
        let symbols: [ELFSymbol]
        var pointers: [Pointer] = []
        var imports: [UInt64: String] = [:]
        var resolvers: Set<UInt64> = []

        mutating func read(_ all: [ELFSymbol]) {
            for symbol in all where symbol.kind == .indirectFunction && symbol.isDefined {
                resolvers.insert(symbol.address)
            }
            for relocation in file.relocations { read(relocation) }
            pointers.sort { $0.place < $1.place }
        }

        /// The numbers are those of the ELF for the Arm 64-bit Architecture: 257 ABS64, 1025 GLOB_DAT,
        /// 1026 JUMP_SLOT.
        private mutating func read(_ relocation: ELFRelocation) {
            let addend = relocation.addend
            let place = relocation.address
            switch relocation.type {
            case ELFRelocation.relativeARM64: pointers.append(Pointer(place: place, target: addend, isSlot: false))
            case ELFRelocation.indirectARM64:
                resolvers.insert(addend)
                pointers.append(Pointer(place: place, target: addend, isSlot: true))
            case 257, 1025, 1026:
                guard relocation.symbol > 0, relocation.symbol <= symbols.count else { return }
                let symbol = symbols[relocation.symbol - 1]
                if symbol.isDefined {
                    let target = symbol.address &+ (relocation.type == 257 ? addend : 0)
                    pointers.append(Pointer(place: place, target: target, isSlot: relocation.type != 257))
                } else {
                    imports[place] = file.name(of: symbol)
                }
            default: break
            }
        }
    }
}
