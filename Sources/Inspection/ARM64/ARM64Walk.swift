internal import LambdaModel

/// What can be reached in a program: breadth-first from its roots through calls, addresses and data objects.
struct ARM64Walk {
    let image: ARM64Image
    let functions: ARM64Functions
    let sweep: ARM64Sweep
    let objects: ARM64DataObjects
    private(set) var knowledge: ARM64Knowledge
    private(set) var facts: [Int: ARM64FunctionFacts] = [:]
    /// Functions in the order in which they were reached.
    private(set) var reached: [Int] = []
    private(set) var isComplete = true

    /// The function from which another was reached first; -1 for a root.
    private var parents: [Int: Int] = [:]
    /// Functions that nothing but an address tells of, beyond the table's own.
    private var extra: [ARM64Functions.Function] = []
    private var extraAt: [Int: Int] = [:]
    private var seenObjects: Set<UInt64> = []
    /// By the end of a stretch of data the lowest address from which it has been read.
    private var readFrom: [UInt64: UInt64] = [:]
    private var work = 0

    /// Instructions to look at, repeats included, and bytes of data objects to read. Real programs need a third of it;
    /// a file made to be slow ends with a blind spot.
    private let largestWork: Int
    private var objectBudget: Int
    /// The longest stretch of code that is read for a mere address.
    private static let longestGuess = 16_384

    init(_ image: ARM64Image) {
        self.image = image
        largestWork = 20_000_000 + 16 * image.words.count
        objectBudget = (64 << 20) + 2 * image.file.bytes.count
        sweep = ARM64Sweep(image)
        functions = ARM64Functions(image, sweep)
        knowledge = ARM64Knowledge(image, functions, sweep)
        objects = ARM64DataObjects(image, sweep)
    }

    mutating func run() {
        learn()
        reach()
    }

    // MARK: Learning

    /// Finds what holds features: from the functions that ask for them to those that read what they stored or returned.
    private mutating func learn() {
        learnSwitchesOfTagging()
        var pending = firstSources()
        var rounds: [Int: Int] = [:]
        while let function = pending.popLast(), work < largestWork / 2 {
            // Knowledge only grows; a function that is looked at five times has told all that it will.
            guard rounds[function, default: 0] < 5 else { continue }
            rounds[function, default: 0] += 1
            let facts = scan(function)
            for store in facts.taintedStores where knowledge.add(store.address, size: store.size) {
                guard let range = Range(addressesFrom: store.address, size: max(1, store.size)) else { continue }
                pending += holders(ARM64Sweep.references(sweep.data, to: range))
            }
            let address = image.address(of: functions.list[function].start)
            if facts.returnsTaint, knowledge.answers.insert(address).inserted {
                pending += holders(ARM64Sweep.references(sweep.calls, to: address))
            }
        }
    }

    /// glibc's allocator tags memory when a switch is on that the start code derives from HWCAP2 by ways that cannot be
    /// followed. The switch is the byte that guards the tagging of most functions that tag.
    private mutating func learnSwitchesOfTagging() {
        var guarding: [UInt64: Int] = [:]
        for index in Set(sweep.tagging.compactMap { functions.index(holding: $0) }).sorted().prefix(40) {
            let range = functions.list[index].start..<functions.list[index].end
            let loads = sweep.data.filter { range.contains($0.index) && ARM64Word.loadsByte(image.words[$0.index]) }
            for candidate in Set(loads.map(\.target)).prefix(16) where image.file.isWritable(address: candidate) {
                guard work < largestWork / 4 else { return }
                var assumed = knowledge
                assumed.switches.insert(candidate)
                let facts = ARM64FunctionScan.facts(of: functions.list[index], image, assumed)
                work += facts.work
                let isGuard = facts.guarded.contains(.mte) && !facts.needs.contains { $0.feature == .mte }
                if isGuard { guarding[candidate, default: 0] += 1 }
            }
        }
        let most = guarding.values.max() ?? 0
        for (candidate, count) in guarding where count == most { knowledge.switches.insert(candidate) }
    }

    private func firstSources() -> [Int] {
        var result = Set(sweep.identifications.compactMap { functions.index(holding: $0) })
        for target in knowledge.auxiliary {
            result.formUnion(holders(ARM64Sweep.references(sweep.calls, to: target)))
        }
        for address in knowledge.bytes {
            result.formUnion(holders(ARM64Sweep.references(sweep.data, to: address)))
        }
        if image.file.section(named: ".gopclntab") != nil {
            for index in functions.list.indices where isFeaturePackage(index) { result.insert(index) }
        }
        return Array(result)
    }

    private func holders(_ references: ArraySlice<ARM64Sweep.Reference>) -> [Int] {
        references.compactMap { functions.index(holding: $0.index) }
    }

    private func isFeaturePackage(_ index: Int) -> Bool {
        index < functions.list.count
            && functions.shortLabel(functions.list[index]).map(ARM64Knowledge.isFeaturePackage) ?? false
    }

    private mutating func scan(_ index: Int) -> ARM64FunctionFacts {
        let isPackage = isGo && isFeaturePackage(index)
        let facts = ARM64FunctionScan.facts(of: function(index), image, knowledge, isFeaturePackage: isPackage)
        work += facts.work + 16
        return facts
    }

    private var isGo: Bool { objects.isGo }

    // MARK: Reaching

    private mutating func reach() {
        var next = 0
        for root in ARM64Roots.addresses(of: image) { refer(root, from: -1) }
        while next < reached.count {
            let index = reached[next]
            next += 1
            guard work < largestWork, objectBudget > 0 else {
                isComplete = false
                break
            }
            let found = scan(index)
            facts[index] = found
            // What a resolver names is chosen by what it asks: none of it is reached without a check.
            if image.resolvers.contains(address(of: index)) { continue }
            for edge in found.calls where !edge.isGuarded { enter(edge.target, from: index) }
            for edge in found.references where !edge.isGuarded { refer(edge.target, from: index) }
        }
    }

    private mutating func enter(_ target: UInt64, from parent: Int) {
        guard let word = image.index(of: target) else { return }
        let index = functionIndex(holding: word)
        guard parents[index] == nil else { return }
        parents[index] = parent
        reached.append(index)
    }

    /// An address may be that of a function, or of data that holds further addresses.
    private mutating func refer(_ target: UInt64, from parent: Int) {
        var pending = [target]
        while let address = pending.popLast() {
            if image.isCode(address) {
                if mayBegin(address) { enter(address, from: parent) }
            } else if objectBudget > 0, seenObjects.insert(address).inserted {
                let range = unread(ofObjectAt: address)
                objectBudget -= min(Int(clamping: range.upperBound - range.lowerBound), image.file.bytes.count) + 8
                pending += objects.addresses(in: range)
            }
        }
    }

    /// Many addresses can lead into one stretch of data that no symbol divides; each part of it is read once.
    private mutating func unread(ofObjectAt address: UInt64) -> Range<UInt64> {
        let (range, isNamed) = objects.range(ofObjectAt: address)
        if isNamed || range.isEmpty { return range }
        let end = min(range.upperBound, readFrom[range.upperBound] ?? range.upperBound)
        guard range.lowerBound < end else { return end..<end }
        readFrom[range.upperBound] = range.lowerBound
        return range.lowerBound..<end
    }

    /// Assembly keeps tables in its code: an address in code that nothing else calls a function must look like one.
    private func mayBegin(_ target: UInt64) -> Bool {
        guard let word = image.index(of: target) else { return true }
        if let index = functions.index(startingAt: word), functions.list[index].isSized { return true }
        for word in image.words[word..<min(word + 16, image.words.count)] {
            // Of the sixteen groups three are for nothing that a program runs (0000 is SME and the permanently undefined).
            switch word >> 25 & 15 {
            case 0, 1, 3: return false
            default: break
            }
            switch ARM64Word.flow(word) {
            case .leave, .jump, .jumpRegister: return true
            default: break
            }
        }
        return true
    }

    private mutating func functionIndex(holding word: Int) -> Int {
        if let index = functions.index(holding: word) { return index }
        if let index = extraAt[word] { return index }
        let next = functions.firstStart(above: word) ?? image.words.count
        let end = min(next, word + Self.longestGuess)
        extra.append(.init(start: word, end: end, label: .max))
        let index = functions.list.count + extra.count - 1
        extraAt[word] = index
        return index
    }

    func function(_ index: Int) -> ARM64Functions.Function {
        index < functions.list.count ? functions.list[index] : extra[index - functions.list.count]
    }

    func address(of index: Int) -> UInt64 { image.address(of: function(index).start) }

    func name(of index: Int) -> String {
        functions.label(function(index)) ?? "0x" + String(address(of: index), radix: 16)
    }

    /// Names from the root to a function; the middle of a long way is left out.
    func path(to index: Int) -> [String] {
        var indexes = [index]
        while let parent = parents[indexes[indexes.count - 1]], parent >= 0 { indexes.append(parent) }
        indexes.reverse()
        guard indexes.count > 12 else { return indexes.map(name) }
        return indexes.prefix(3).map(name) + ["…"] + indexes.suffix(8).map(name)
    }
}
