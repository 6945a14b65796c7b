/// The data of a file, cut into objects, and the addresses that stand in each.
struct ARM64DataObjects: Sendable {
    private let image: ARM64Image
    /// Where an object begins that something refers to, ascending.
    private let boundaries: [UInt64]
    /// Sizes of the objects that symbols name.
    private let sizes: [UInt64: UInt64]
    /// Go's description of its own program, which points at everything.
    private let excluded: Range<UInt64>
    /// Swift's metadata refers by 32-bit distances.
    private let hasRelativePointers: Bool
    let isGo: Bool

    /// No array of pointers in a real program is larger; symbols that lie must not cost more.
    private static let largestObject: UInt64 = 1 << 20

    init(_ image: ARM64Image, _ sweep: ARM64Sweep) {
        self.image = image
        var starts = sweep.data.map(\.target)
        var sizes: [UInt64: UInt64] = [:]
        for symbol in image.symbols where symbol.isDefined && symbol.kind == .object && symbol.size > 0 {
            starts.append(symbol.address)
            sizes[symbol.address] = symbol.size
        }
        for pointer in image.pointers { starts.append(pointer.target) }
        for section in image.file.sections where section.isInMemory { starts.append(section.address) }
        for segment in image.file.segments where segment.kind == .load {
            starts.append(segment.address)
            starts.append(segment.address &+ segment.fileSize)
        }
        starts.sort()
        boundaries = starts
        self.sizes = sizes
        hasRelativePointers = image.file.sections.contains { $0.name.hasPrefix("swift5_") }
        isGo = image.file.sections.contains { $0.name.hasSuffix(".gopclntab") }
        excluded = isGo ? Self.moduleData(image) : 0..<0
    }

    /// Where the object at an address ends, and whether a symbol says so.
    func range(ofObjectAt start: UInt64) -> (range: Range<UInt64>, isNamed: Bool) {
        if excluded.contains(start) { return (start..<start, false) }
        let end = end(of: start)
        return (start..<max(start, end), sizes[start] != nil)
    }

    /// The addresses inside the image that stand in a range.
    func addresses(in range: Range<UInt64>) -> [UInt64] {
        let start = range.lowerBound
        let end = range.upperBound
        var result: [UInt64] = []
        if image.isFixed {
            words(start, end) { result.append($0) }
        } else {
            var index = image.firstPointer(from: start)
            while index < image.pointers.count, image.pointers[index].place < end {
                result.append(image.pointers[index].target)
                index += 1
            }
        }
        if hasRelativePointers, !image.file.isWritable(address: start) { distances(start, end) { result.append($0) } }
        return result
    }

    private func end(of start: UInt64) -> UInt64 {
        if let size = sizes[start] {
            let (end, overflow) = start.addingReportingOverflow(min(size, Self.largestObject))
            return overflow ? start : end
        }
        var low = 0
        var high = boundaries.count
        while low < high {
            let middle = (low + high) / 2
            if boundaries[middle] <= start { low = middle + 1 } else { high = middle }
        }
        return low < boundaries.count ? boundaries[low] : start
    }

    /// Without relocations any aligned word that holds an address may be a pointer; one into code must hit an
    /// instruction.
    private func words(_ start: UInt64, _ end: UInt64, _ body: (UInt64) -> Void) {
        var place = (start &+ 7) & ~7
        while place &+ 8 <= end, let offset = image.file.fileOffset(ofAddress: place),
            let value = image.file.integer(at: offset, as: UInt64.self)
        {
            if value > 4095, image.file.isMapped(address: value), !excluded.contains(value) {
                if value & 3 == 0 || !image.file.isExecutable(address: value) { body(value) }
            }
            place += 8
        }
    }

    private func distances(_ start: UInt64, _ end: UInt64, _ body: (UInt64) -> Void) {
        var place = (start &+ 3) & ~3
        while place &+ 4 <= end, let offset = image.file.fileOffset(ofAddress: place),
            let raw = image.file.integer(at: offset, as: UInt32.self)
        {
            let target = place &+ UInt64(bitPattern: Int64(Int32(bitPattern: raw)))
            if image.isCode(target) { body(target) }
            place += 4
        }
    }

    /// Its first word points at the function table; its symbol is gone in a stripped program.
    private static func moduleData(_ image: ARM64Image) -> Range<UInt64> {
        let size: UInt64 = 0x400
        for symbol in image.symbols where symbol.kind == .object || symbol.kind == .none {
            if symbol.isDefined, image.shortName(of: symbol) == "runtime.firstmoduledata" {
                return Range(addressesFrom: symbol.address, size: max(size, min(symbol.size, 1 << 16))) ?? 0..<0
            }
        }
        guard let table = image.file.sections.first(where: { $0.name.hasSuffix(".gopclntab") })?.address else {
            return 0..<0
        }
        if let pointer = image.pointers.first(where: { $0.target == table }) {
            return Range(addressesFrom: pointer.place, size: size) ?? 0..<0
        }
        for section in image.file.sections where section.flags & 1 != 0 && section.isInMemory {
            guard let range = image.file.range(of: section) else { continue }
            for offset in stride(from: range.lowerBound, to: range.upperBound - 7, by: 8)
            where image.file.integer(at: offset, as: UInt64.self) == table {
                return Range(addressesFrom: section.address &+ UInt64(offset - range.lowerBound), size: size) ?? 0..<0
            }
        }
        return 0..<0
    }
}
