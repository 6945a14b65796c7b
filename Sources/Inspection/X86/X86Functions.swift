/// A stretch of code with one way in.
struct X86Function: Sendable {
    var start: UInt64
    var end: UInt64
    /// Index of a symbol, or the complement of a file offset of a zero-terminated name; `Int.max` without a name.
    var label: Int
}

/// The functions of an image in ascending order, without overlaps: from symbols, unwind tables and Go's own table.
struct X86Functions: Sendable {
    private(set) var list: [X86Function]
    /// Linkage stubs (PLT), whose unwind entry covers all of them; each is a function of its own.
    let stubs: [Range<UInt64>]
    /// The share of executable bytes that known functions cover, 0 to 1.
    let coverage: Double

    init(_ image: X86Image) {
        var found = Finder(image: image)
        found.addSymbols()
        found.addUnwindEntries()
        found.addGoFunctions()
        found.splitStubs()
        list = found.sorted()
        stubs = found.stubs
        let total = image.code.reduce(0) { $0 + Double($1.upperBound - $1.lowerBound) }
        let covered = list.reduce(0) { $0 + Double($1.end - $1.start) }
        coverage = total > 0 ? covered / total : 0
    }

    /// The function that holds an address.
    func index(holding address: UInt64) -> Int? {
        let next = firstIndex(above: address)
        guard next > 0, list[next - 1].end > address else { return nil }
        return next - 1
    }

    /// The function that begins exactly at an address.
    func index(startingAt address: UInt64) -> Int? {
        let next = firstIndex(above: address)
        guard next > 0, list[next - 1].start == address else { return nil }
        return next - 1
    }

    /// The index of the first function that begins above an address.
    func firstIndex(above address: UInt64) -> Int {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle].start <= address { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Adds functions that lie in gaps between the known ones.
    mutating func insert(_ functions: [X86Function]) {
        list = Self.withoutOverlaps(list + functions)
    }

    static func withoutOverlaps(_ functions: [X86Function]) -> [X86Function] {
        // At the same start Go's table first, then a name, then the longest.
        func rank(_ function: X86Function) -> Int { function.label < 0 ? 0 : function.label == Int.max ? 2 : 1 }
        let ordered = functions.sorted { ($0.start, rank($0), $1.end) < ($1.start, rank($1), $0.end) }
        var result: [X86Function] = []
        result.reserveCapacity(ordered.count)
        for function in ordered {
            guard let last = result.last, function.start < last.end else {
                result.append(function)
                continue
            }
            if function.start == last.start {
                // A symbol without a size takes the extent that the unwind table gives.
                if last.end == last.start { result[result.count - 1].end = function.end }
            } else {
                // A label with a name inside another function: what lies before it runs on into it.
                result[result.count - 1].end = function.start
                result.append(
                    X86Function(start: function.start, end: max(function.end, last.end), label: function.label)
                )
            }
        }
        return result
    }
}

extension X86Functions {
    private struct Finder {
        let image: X86Image
        var functions: [X86Function] = []
        var stubs: [Range<UInt64>] = []

        mutating func add(_ start: UInt64, _ end: UInt64, _ label: Int) {
            guard end > start, image.isCode(start), image.isCode(end &- 1) else { return }
            functions.append(X86Function(start: start, end: end, label: label))
        }

        mutating func addSymbols() {
            for (index, symbol) in image.symbols.enumerated()
            where symbol.isDefined && (symbol.kind == .function || symbol.kind == .indirectFunction) {
                add(symbol.address, symbol.address &+ symbol.size, index)
            }
        }

        mutating func addUnwindEntries() {
            for range in EHFrameFunctions.functions(of: image.file) {
                add(range.lowerBound, range.upperBound, Int.max)
            }
        }

        mutating func addGoFunctions() {
            let table = GoFunctionTable.functions(of: image.file)
            for (function, next) in zip(table, table.dropFirst()) where function.name >= 0 {
                add(function.address, next.address, ~function.name)
            }
        }

        /// Takes out what covers a linkage table, and puts its entries in.
        mutating func splitStubs() {
            var sizes: [UInt64: UInt64] = [:]
            for section in image.file.sections where section.name.hasPrefix(".plt") || section.name == ".iplt" {
                guard let range = image.backed(section.address, section.size), image.isCode(section.address),
                    image.isCode(range.upperBound &- 1)
                else { continue }
                stubs.append(range)
                sizes[range.lowerBound] = section.entrySize == 8 ? 8 : 16
            }
            addStubsWithoutSection()
            stubs.sort { $0.lowerBound < $1.lowerBound }
            functions.removeAll { X86Image.holds(stubs, $0.start) }
            for range in stubs {
                let size = sizes[range.lowerBound] ?? 16
                for start in stride(from: range.lowerBound, to: range.upperBound, by: Int(size)) {
                    functions.append(
                        X86Function(start: start, end: min(start &+ size, range.upperBound), label: Int.max)
                    )
                }
            }
        }

        /// `push [rip+x]; jmp [rip+y]` is how a linkage table begins.
        private mutating func addStubsWithoutSection() {
            guard image.file.sections.isEmpty else { return }
            for function in functions where function.end - function.start >= 32 {
                guard let offset = image.file.fileOffset(ofAddress: function.start),
                    image.file.integer(at: offset, as: UInt16.self) == 0x35ff,
                    image.file.integer(at: offset + 6, as: UInt16.self) == 0x25ff
                        || image.file.integer(at: offset + 6, as: UInt16.self) == 0xfff2
                else { continue }
                stubs.append(function.start..<function.end)
            }
        }

        /// As many as hold twice the file's bytes; more there are only where segments map the same bytes many times.
        func sorted() -> [X86Function] {
            var left = 2 * UInt64(image.file.bytes.count)
            return Array(
                X86Functions.withoutOverlaps(functions).prefix { function in
                    let size = function.end - function.start
                    defer { left -= min(left, size) }
                    return size <= left
                }
            )
        }
    }
}
