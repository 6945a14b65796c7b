/// The functions of an image in ascending order: from symbols, unwind tables, Go's own table and the targets of calls.
struct ARM64Functions: Sendable {
    struct Function: Sendable {
        /// In the image's words.
        var start: Int
        var end: Int
        /// Index of a symbol, or the complement of a file offset of a zero-terminated name; `Int.max` without a name.
        var label: Int
        /// A symbol or a table tells its size; else it may run on into constants that lie behind it.
        var isSized = false
    }

    let list: [Function]
    private let image: ARM64Image

    init(_ image: ARM64Image, _ sweep: ARM64Sweep) {
        self.image = image
        var found: [Function] = []
        func add(_ address: UInt64, size: UInt64, _ label: Int) {
            guard let start = image.index(of: address) else { return }
            let count = Int(clamping: size / 4)
            let (end, overflow) = start.addingReportingOverflow(count)
            let stop = overflow ? start : min(end, image.words.count)
            found.append(Function(start: start, end: stop, label: label, isSized: stop > start))
        }
        for (index, symbol) in image.symbols.enumerated()
        where symbol.isDefined && (symbol.kind == .function || symbol.kind == .indirectFunction) {
            add(symbol.address, size: symbol.size, index)
        }
        for range in EHFrameFunctions.functions(of: image.file) {
            add(range.lowerBound, size: range.upperBound - range.lowerBound, .max)
        }
        let table = GoFunctionTable.functions(of: image.file)
        for (function, next) in zip(table, table.dropFirst()) where function.name >= 0 {
            add(function.address, size: next.address &- function.address, ~function.name)
        }
        add(image.file.header.entry, size: 0, .max)
        for call in sweep.calls { add(call.target, size: 0, .max) }
        for pointer in image.pointers { add(pointer.target, size: 0, .max) }
        list = Self.arranged(found, image)
    }

    /// One entry for each start; the end is the known size, at most up to the next start.
    private static func arranged(_ found: [Function], _ image: ARM64Image) -> [Function] {
        let ordered = found.sorted {
            ($0.start, $0.label == .max ? 1 : 0, -$0.end) < ($1.start, $1.label == .max ? 1 : 0, -$1.end)
        }
        var result: [Function] = []
        result.reserveCapacity(ordered.count)
        for function in ordered {
            if let last = result.last, last.start == function.start {
                result[result.count - 1].end = max(last.end, function.end)
                result[result.count - 1].isSized = last.isSized || function.isSized
                continue
            }
            // A label inside a function that is known as one is no function of its own: an entry in the middle.
            if let last = result.last, function.label == .max, function.end == function.start, function.start < last.end
            {
                continue
            }
            result.append(function)
        }
        let rangeEnds = image.ranges.map { $0.start + $0.count }
        for index in result.indices {
            let start = result[index].start
            let limit = rangeEnds.first { $0 > start } ?? start
            let next = index + 1 < result.count ? min(limit, result[index + 1].start) : limit
            result[index].end = result[index].end > start ? min(result[index].end, next) : next
        }
        return result
    }

    /// The function that holds an instruction; the last before it where none does.
    func index(holding word: Int) -> Int? {
        let next = firstIndex(above: word)
        return next > 0 && word < list[next - 1].end ? next - 1 : nil
    }

    /// Where the next function after an instruction begins.
    func firstStart(above word: Int) -> Int? {
        let next = firstIndex(above: word)
        return next < list.count ? list[next].start : nil
    }

    private func firstIndex(above word: Int) -> Int {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle].start <= word { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func index(startingAt word: Int) -> Int? {
        guard let index = index(holding: word), list[index].start == word else { return nil }
        return index
    }

    /// As the file names it; an address where it does not.
    func name(of index: Int) -> String {
        let function = list[index]
        return label(function) ?? "0x" + String(image.address(of: function.start), radix: 16)
    }

    /// A name of at most 200 bytes, for comparing: reading one costs the same whatever the file holds.
    func shortLabel(_ function: Function) -> String? {
        guard function.label >= 0, function.label != .max else { return label(function) }
        return image.shortName(of: image.symbols[function.label])
    }

    /// `nil` for a function without a name.
    func label(_ function: Function) -> String? {
        if function.label == .max { return nil }
        if function.label >= 0 { return image.file.name(of: image.symbols[function.label]) }
        let offset = ~function.label
        guard offset >= 0, offset < image.file.bytes.count else { return nil }
        let name = image.file.bytes[offset...].prefix(512).prefix { $0 != 0 }
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }
}
