internal import LambdaModel

/// The code of an image as a graph: functions, and what each of them refers to.
struct X86Program: Sendable {
    let image: X86Image
    private(set) var functions: X86Functions
    /// Of all functions, one after the other.
    private(set) var events: [X86Event] = []
    /// Where the events of each function begin, with the end of the last as one more entry.
    private(set) var firstEvent: [Int] = [0]

    /// Rounds in which code of gaps leads to more code of gaps; the rest stays unseen.
    private static let gapRounds = 64
    /// Functions of gaps; bounds the work on hostile files.
    private static let gapLimit = 200_000

    init(_ image: X86Image) {
        self.image = image
        functions = X86Functions(image)
        let swept = X86Sweep.run(image, functions.list)
        var counts: [Int] = []
        counts.reserveCapacity(functions.list.count)
        events.reserveCapacity(swept.reduce(0) { $0 + $1.events.count })
        for result in swept {
            events += result.events
            counts += result.counts
        }
        setFirstEvents(counts)
        addGapFunctions()
    }

    func events(of function: Int) -> ArraySlice<X86Event> {
        events[firstEvent[function]..<firstEvent[function + 1]]
    }

    func name(of function: Int) -> String {
        let entry = functions.list[function]
        guard entry.label != Int.max else {
            return stubName(of: function) ?? "function at 0x" + String(entry.start, radix: 16)
        }
        return Printable.text(
            entry.label >= 0 ? image.file.name(of: image.symbols[entry.label]) : text(at: ~entry.label)
        )
    }

    /// The name of a function from a table, without one made up from its address.
    func knownName(of function: Int) -> String? {
        let entry = functions.list[function]
        guard entry.label != Int.max else { return nil }
        return entry.label >= 0 ? image.file.name(of: image.symbols[entry.label]) : text(at: ~entry.label)
    }

    /// The imported function that a linkage stub jumps to.
    func importedName(of function: Int) -> String? {
        guard !image.imports.isEmpty, functions.list[function].end - functions.list[function].start <= 16 else {
            return nil
        }
        for event in events(of: function) where event.isReference {
            if let name = image.imports[event.target] { return name }
        }
        return nil
    }

    private func stubName(of function: Int) -> String? {
        importedName(of: function).map { Printable.text($0) }
    }

    /// A name of Go's table, at most 512 bytes.
    private func text(at offset: Int) -> String {
        guard offset >= 0, offset < image.file.bytes.count else { return "" }
        return String(decoding: image.file.bytes[offset...].prefix(512).prefix { $0 != 0 }, as: UTF8.self)
    }

    private mutating func setFirstEvents(_ counts: [Int]) {
        firstEvent = [0]
        firstEvent.reserveCapacity(counts.count + 1)
        var sum = 0
        for count in counts {
            sum += count
            firstEvent.append(sum)
        }
    }
}

// MARK: - Gaps

extension X86Program {
    private mutating func addGapFunctions() {
        var found: [UInt64: (function: X86Function, events: [X86Event])] = [:]
        var seeds = gapSeeds()
        for _ in 0..<Self.gapRounds where !seeds.isEmpty && found.count < Self.gapLimit {
            seeds = addRound(seeds, to: &found)
        }
        guard !found.isEmpty else { return }
        insert(found.values.sorted { $0.function.start < $1.function.start })
    }

    /// Addresses in gaps that something leads to, and whether only as data.
    private func gapSeeds() -> [UInt64: Bool] {
        var seeds: [UInt64: Bool] = [:]
        func add(_ address: UInt64, strict: Bool) {
            guard image.isCode(address), functions.index(holding: address) == nil else { return }
            seeds[address] = (seeds[address] ?? true) && strict
        }
        for event in events {
            switch event.kind {
            case .call, .jump, .branch, .runOn: add(event.target, strict: false)
            case .reference where hasUnknownCode, .number where hasUnknownCode: add(event.target, strict: true)
            default: break
            }
        }
        for root in X86Roots.addresses(of: image) { add(root, strict: false) }
        for resolver in image.resolvers { add(resolver, strict: false) }
        if hasUnknownCode { for pointer in image.pointers { add(pointer.target, strict: true) } }
        return seeds
    }

    /// Where tables tell of nearly all code, a pointer into a gap is one to constants between functions.
    private var hasUnknownCode: Bool { functions.coverage < 0.5 }

    private func addRound(
        _ seeds: [UInt64: Bool],
        to found: inout [UInt64: (function: X86Function, events: [X86Event])]
    ) -> [UInt64: Bool] {
        var next: [UInt64: Bool] = [:]
        let starts = (Array(seeds.keys) + Array(found.keys)).sorted()
        for (index, start) in starts.enumerated() {
            guard let strict = seeds[start], found[start] == nil, found.count < Self.gapLimit else { continue }
            let following = functions.firstIndex(above: start)
            let known = following < functions.list.count ? functions.list[following].start : UInt64.max
            let limit = min(known, index + 1 < starts.count ? starts[index + 1] : UInt64.max)
            guard let function = X86GapFunctions.function(image, at: start, before: limit, strict: strict) else {
                continue
            }
            let events = X86Sweep.events(image, function)
            found[start] = (function, events)
            for event in events {
                let isCall = event.kind == .call || event.kind == .jump || event.kind == .branch || event.kind == .runOn
                guard isCall || (event.isReference && hasUnknownCode) else { continue }
                guard image.isCode(event.target), functions.index(holding: event.target) == nil,
                    found[event.target] == nil
                else { continue }
                next[event.target] = (next[event.target] ?? true) && !isCall
            }
        }
        // Inside a function that is already known to be one.
        return next.filter { seed in
            guard let below = starts.last(where: { $0 < seed.key }), let holder = found[below] else { return true }
            return holder.function.end <= seed.key
        }
    }

    private mutating func insert(_ gaps: [(function: X86Function, events: [X86Event])]) {
        let old = (functions.list, events, firstEvent)
        functions.insert(gaps.map(\.function))
        events = []
        var counts: [Int] = []
        var nextOld = 0
        var nextGap = 0
        for function in functions.list {
            let before = events.count
            while nextOld < old.0.count, old.0[nextOld].start < function.start { nextOld += 1 }
            while nextGap < gaps.count, gaps[nextGap].function.start < function.start { nextGap += 1 }
            if nextOld < old.0.count, old.0[nextOld].start == function.start {
                events += old.1[old.2[nextOld]..<old.2[nextOld + 1]]
            } else if nextGap < gaps.count, gaps[nextGap].function.start == function.start {
                events += gaps[nextGap].events
            }
            counts.append(events.count - before)
        }
        setFirstEvents(counts)
    }
}
