/// The data of an image, split at every address that anything refers to: so that one table's pointers are not followed
/// because its neighbour is used.
struct X86DataObjects {
    private let program: X86Program
    /// A bit for each byte of the file where an object begins.
    private var starts: [UInt64]
    /// Ranges whose pointers are not followed: tables that describe the whole program.
    private var skipped: [Range<UInt64>] = []
    /// Objects that are in use without anything referring to them.
    private(set) var roots: [UInt64] = []
    /// Whether data may hold pointers as signed distances of 32 bits.
    private let hasRelativePointers: Bool

    /// Bytes of one object that are looked at.
    private static let longestObject: UInt64 = 16 << 20

    init(_ program: X86Program) {
        self.program = program
        let image = program.image
        starts = Array(repeating: 0, count: image.file.bytes.count / 64 + 1)
        hasRelativePointers = image.file.sections.contains { $0.name.hasPrefix("swift5_") }
        for event in program.events where event.isReference { mark(event.target) }
        for pointer in image.pointers { mark(pointer.target) }
        for symbol in image.symbols where symbol.isDefined && (symbol.kind == .object || symbol.kind == .none) {
            mark(symbol.address)
            skipIfWholeProgram(symbol)
        }
        for section in image.file.sections where section.isInMemory {
            mark(section.address)
            if Self.describesWholeProgram(section.name),
                let range = Range(addressesFrom: section.address, size: section.size)
            {
                skipped.append(range)
            }
            // Swift's runtime looks through these itself.
            if section.name.hasPrefix("swift5_"), let range = image.backed(section.address, section.size) {
                for address in stride(from: range.lowerBound, to: range.upperBound, by: 4).prefix(4 << 20) {
                    if let target = relativeTarget(at: address) { roots.append(target) }
                }
            }
        }
        if image.isFixed { markRawWords() }
        skipGoModuleData()
    }

    /// Unwind tables, relocations and symbols name every function, used or not.
    private static func describesWholeProgram(_ name: String) -> Bool {
        [
            ".eh_frame", ".gcc_except_table", ".rela", ".relr", ".dyn", ".gnu.", ".hash", ".note", ".go.module",
            ".sframe",
        ]
        .contains { name.hasPrefix($0) } || name.hasSuffix(".gopclntab")
    }

    /// The object that holds an address of data that the file backs.
    func object(holding address: UInt64) -> Range<UInt64>? {
        let image = program.image
        guard let offset = image.file.fileOffset(ofAddress: address), !skipped.contains(where: { $0.contains(address) })
        else {
            return nil
        }
        if image.isCode(address), program.functions.index(holding: address) != nil { return nil }
        guard
            let segment = image.file.segments.first(where: {
                $0.kind == .load && $0.address <= address && address - $0.address < $0.fileSize
            })
        else {
            return nil
        }
        let left = segment.fileSize - (address - segment.address)
        let limit = offset + Int(clamping: min(left, Self.longestObject))
        let end = nextStart(after: offset, before: min(limit, image.file.bytes.count))
        return address..<(address &+ UInt64(end - offset))
    }

    /// Addresses that an object holds.
    func targets(of object: Range<UInt64>) -> [UInt64] {
        let image = program.image
        var result: [UInt64] = []
        var index = image.firstPointer(from: object.lowerBound)
        while index < image.pointers.count, image.pointers[index].place < object.upperBound {
            result.append(image.pointers[index].target)
            index += 1
        }
        if image.isFixed {
            for place in stride(from: (object.lowerBound &+ 7) & ~7, to: object.upperBound & ~7, by: 8) {
                guard let word = image.pointer(at: place), image.extent.contains(word) else { continue }
                result.append(word)
            }
        }
        if hasRelativePointers, !image.file.isWritable(address: object.lowerBound) {
            for place in stride(from: (object.lowerBound &+ 3) & ~3, to: object.upperBound & ~3, by: 4) {
                if let target = relativeTarget(at: place) { result.append(target) }
            }
        }
        return result
    }

    /// Where a signed distance of 32 bits leads, if to the start of a function or of an object.
    private func relativeTarget(at address: UInt64) -> UInt64? {
        let image = program.image
        guard let offset = image.file.fileOffset(ofAddress: address),
            let raw = image.file.integer(at: offset, as: UInt32.self), raw != 0
        else { return nil }
        let distance = Int64(Int32(bitPattern: raw))
        // Bit 0 says "over a slot of the GOT"; small numbers are flags and counts.
        guard abs(distance) > 64 else { return nil }
        let target = address &+ UInt64(bitPattern: distance & ~1)
        guard image.extent.contains(target) else { return nil }
        if program.functions.index(startingAt: target) != nil { return target }
        guard !image.isCode(target), let place = image.file.fileOffset(ofAddress: target), isStart(place) else {
            return nil
        }
        return target
    }

    // MARK: Where objects begin

    private mutating func mark(_ address: UInt64) {
        guard let offset = program.image.file.fileOffset(ofAddress: address) else { return }
        starts[offset >> 6] |= 1 << UInt64(offset & 63)
    }

    private func isStart(_ offset: Int) -> Bool {
        starts[offset >> 6] & 1 << UInt64(offset & 63) != 0
    }

    private func nextStart(after offset: Int, before limit: Int) -> Int {
        var position = offset + 1
        while position < limit {
            let word = starts[position >> 6] >> UInt64(position & 63)
            if word != 0 { return min(limit, position + word.trailingZeroBitCount) }
            position = (position >> 6 + 1) << 6
        }
        return limit
    }

    private mutating func markRawWords() {
        let image = program.image
        for range in image.data {
            for place in stride(from: (range.lowerBound &+ 7) & ~7, to: range.upperBound & ~7, by: 8) {
                guard let offset = image.file.fileOffset(ofAddress: place),
                    let word = image.file.integer(at: offset, as: UInt64.self), image.extent.contains(word),
                    !image.isCode(word)
                else { continue }
                mark(word)
            }
        }
    }

    // MARK: Go

    private mutating func skipIfWholeProgram(_ symbol: ELFSymbol) {
        // The size keeps this from reading the name of every symbol.
        guard (300...2000).contains(symbol.size), symbol.kind == .object,
            let range = Range(addressesFrom: symbol.address, size: symbol.size)
        else { return }
        if program.image.file.name(of: symbol) == "runtime.firstmoduledata" { skipped.append(range) }
    }

    /// Go's description of the module begins with a pointer to the function table; it is some 600 bytes long.
    private mutating func skipGoModuleData() {
        let image = program.image
        let tables = image.file.sections.filter { $0.name.hasSuffix(".gopclntab") }.map(\.address)
        guard let table = tables.first else { return }
        for range in image.data where image.file.isWritable(address: range.lowerBound) {
            for place in stride(from: (range.lowerBound &+ 7) & ~7, to: range.upperBound & ~7, by: 8)
            where image.pointer(at: place) == table {
                skipped.append(place..<max(place, place &+ 640))
            }
        }
    }
}
