internal import LambdaModel

/// Reads one function: its blocks, the addresses it forms, what depends on the CPU's features, and what needs some.
///
/// A value derived from a feature word taints registers, flags and stack slots. Blocks that run only when a tainted
/// branch goes one way are guarded; so is code chosen by a tainted select. A guard that merely lies before an
/// instruction is none: a program that asks the CPU once at its start and goes on regardless has checked nothing.
struct ARM64FunctionScan {
    let image: ARM64Image
    let knowledge: ARM64Knowledge
    /// Every value that a feature package computes counts as a feature.
    let isFeaturePackage: Bool
    let start: Int
    let count: Int
    let base: UInt64
    /// All of the function is code, so that what no branch leads to is the target of a jump table or of the unwinder.
    private let isSized: Bool

    var facts = ARM64FunctionFacts()
    var state = ARM64RegisterState()
    /// The function holds both ways of atomic operations, so that what chooses between them is a check.
    var choosesAtomics = false
    /// The function reads the switch of memory tagging.
    var readsSwitch = false
    /// Instructions of scalable vectors beside those that ask only for the vector's length: the unwinder asks for
    /// frames that such code made, so that the question alone is no use of them.
    var usesVectors = false
    var isGuarded = false
    var hasTaint = false

    private var blocks: [Block] = []
    private var exits: Set<Int> = []

    private struct Block {
        var start: Int
        var end: Int
        var successors: [Int] = []
        var state: ARM64RegisterState?
    }

    /// More than any function of a real program has; the rest of a longer one is not looked at.
    static let longest = 262_144

    static func facts(
        of function: ARM64Functions.Function,
        _ image: ARM64Image,
        _ knowledge: ARM64Knowledge,
        isFeaturePackage: Bool = false
    ) -> ARM64FunctionFacts {
        var scan = ARM64FunctionScan(function, image, knowledge, isFeaturePackage)
        scan.run()
        return scan.facts
    }

    private init(
        _ function: ARM64Functions.Function,
        _ image: ARM64Image,
        _ knowledge: ARM64Knowledge,
        _ isFeaturePackage: Bool
    ) {
        self.image = image
        self.knowledge = knowledge
        self.isFeaturePackage = isFeaturePackage
        start = function.start
        count = max(0, min(function.end - function.start, Self.longest))
        base = image.address(of: function.start)
        isSized = function.isSized
    }

    private mutating func run() {
        guard count > 0 else { return }
        divide()
        var branches = pass(guarded: [])
        facts.work = count
        defer { forgetAnswersOfAtomics() }
        guard hasTaint else { return }
        let dependence = ControlDependence(successors: blocks.map(\.successors))
        var guarded: Set<Int> = []
        // Constants set in a guarded block carry the answer of its check on, so that guards can grow; in practice two
        // rounds settle it.
        for _ in 0..<4 {
            let next = dependence.blocks(dependingOn: branches)
            if next == guarded { break }
            guarded = next
            branches = branches.union(pass(guarded: guarded))
            facts.work += count
        }
    }

    /// An atomic operation has the same result whichever way it is done, and memory is the same with tags or without.
    private mutating func forgetAnswersOfAtomics() {
        guard choosesAtomics || readsSwitch else { return }
        facts.decidesByFeatures = false
        facts.returnsTaint = false
        facts.taintedStores = []
    }

    // MARK: Blocks

    private mutating func divide() {
        var marks = [UInt8](repeating: 0, count: count)
        let visited: UInt8 = 1
        let leader: UInt8 = 2
        let constant: UInt8 = 4
        var pending = [0]
        var jumps = false
        var atomics = (new: false, old: false)
        marks[0] = leader
        var sweep = 0
        var extra: [Int] = []
        while true {
            while let from = pending.popLast() {
                var index = from
                walk: while index < count, marks[index] & (visited | constant) == 0 {
                    marks[index] |= visited
                    let word = image.words[start + index]
                    if ARM64Word.isLoadExclusive(word) { atomics.old = true }
                    if let literal = ARM64Word.literal(word) {
                        for target in literal where index + target >= 0 && index + target < count {
                            marks[index + target] |= constant
                        }
                    }
                    func mark(_ target: Int) {
                        guard target >= 0, target < count else { return }
                        marks[target] |= leader
                        pending.append(target)
                    }
                    switch ARM64Word.flow(word) {
                    case .next, .call, .callRegister: break
                    case .jump(let distance):
                        mark(index + distance)
                        break walk
                    case .branch(let distance):
                        mark(index + distance)
                        mark(index + 1)
                    case .jumpRegister:
                        jumps = true
                        break walk
                    case .leave: break walk
                    }
                    index += 1
                }
            }
            // Behind a function of unknown size may lie constants, so there only a jump table is reason to look on.
            guard isSized || jumps else { break }
            while sweep < count, marks[sweep] & (visited | constant) != 0 || isPadding(sweep) { sweep += 1 }
            guard sweep < count else { break }
            marks[sweep] |= leader
            extra.append(sweep)
            pending.append(sweep)
        }
        for index in 0..<count where marks[index] & visited != 0 {
            let word = image.words[start + index]
            switch ARM64Instructions.fastFeature(of: word) {
            case .lse: atomics.new = true
            case .sve, .sve2: usesVectors = usesVectors || !ARM64Word.asksForVectorLength(word)
            default: break
            }
        }
        choosesAtomics = atomics.new && atomics.old
        connect(marks, visited, leader, extra, jumps)
    }

    /// `nop`, and zero words, which are no instruction.
    private func isPadding(_ index: Int) -> Bool {
        let word = image.words[start + index]
        return word == 0xD503_201F || word == 0
    }

    private mutating func connect(_ marks: [UInt8], _ visited: UInt8, _ leader: UInt8, _ extra: [Int], _ jumps: Bool) {
        var blockOf = [Int32](repeating: -1, count: count)
        var index = 0
        while index < count {
            guard marks[index] & visited != 0 else {
                index += 1
                continue
            }
            let first = index
            repeat {
                blockOf[index] = Int32(blocks.count)
                index += 1
            } while index < count && marks[index] == visited && !endsBlock(index - 1)
            blocks.append(Block(start: first, end: index))
        }
        var tableBlocks: [Int] = []
        for block in blocks.indices {
            let last = blocks[block].end - 1
            func add(_ target: Int) {
                guard target >= 0, target < count, blockOf[target] >= 0 else { return }
                let number = Int(blockOf[target])
                if !blocks[block].successors.contains(number) { blocks[block].successors.append(number) }
            }
            switch ARM64Word.flow(image.words[start + last]) {
            case .next, .call, .callRegister: add(last + 1)
            case .jump(let distance): add(last + distance)
            case .branch(let distance):
                add(last + distance)
                add(last + 1)
            case .jumpRegister: tableBlocks.append(block)
            case .leave: break
            }
        }
        // A jump table's block leads to all that nothing else leads to; without one the unwinder does, from anywhere.
        let known = blocks.reduce(into: Set<Int>()) { $0.formUnion($1.successors) }
        let targets = extra.map { Int(blockOf[$0]) }.filter { !known.contains($0) }
        let sources = jumps && !tableBlocks.isEmpty ? tableBlocks : [0]
        for source in sources.prefix(max(1, 100_000 / max(1, targets.count))) {
            for target in targets where target != source && !blocks[source].successors.contains(target) {
                blocks[source].successors.append(target)
                if blocks[source].successors.count > 2_000 { break }
            }
        }
    }

    private func endsBlock(_ index: Int) -> Bool {
        switch ARM64Word.flow(image.words[start + index]) {
        case .next, .call, .callRegister: false
        default: true
        }
    }

    // MARK: Passes

    /// Follows values through all blocks; the blocks that end in a tainted branch.
    private mutating func pass(guarded: Set<Int>) -> Set<Int> {
        var branches: Set<Int> = []
        for block in blocks.indices { blocks[block].state = nil }
        blocks[0].state = ARM64RegisterState()
        // Taint that comes around a loop needs a second round; values only get fewer.
        for _ in 0..<4 {
            facts = ARM64FunctionFacts()
            branches = []
            var changed = false
            for block in blocks.indices {
                state = blocks[block].state ?? ARM64RegisterState()
                isGuarded = guarded.contains(block)
                for index in blocks[block].start..<blocks[block].end { step(index) }
                if blocks[block].successors.count > 1, endsInTaintedBranch(blocks[block].end - 1) {
                    branches.insert(block)
                    facts.decidesByFeatures = true
                }
                for target in blocks[block].successors { changed = merge(into: target, from: block) || changed }
            }
            if !hasTaint || !changed { break }
        }
        return branches
    }

    private mutating func merge(into target: Int, from block: Int) -> Bool {
        guard let before = blocks[target].state else {
            blocks[target].state = state
            return target <= block
        }
        var after = before
        after.merge(state)
        blocks[target].state = after
        return target <= block && (after.taint != before.taint || after.slots != before.slots)
    }

    private func endsInTaintedBranch(_ index: Int) -> Bool {
        let word = image.words[start + index]
        guard case .branch = ARM64Word.flow(word) else { return false }
        if word & 0xFF00_0000 == 0x5400_0000 { return state.flagsAreTainted }
        return state.isTainted(Int(word & 31))
    }

    /// The address of an instruction of the function.
    func address(_ index: Int) -> UInt64 { base &+ UInt64(index) &* 4 }
}
