internal import CZydis

/// Follows the CPU's answers through the registers and the stack of one function and finds what depends on them.
struct X86TaintAnalysis {
    let context: X86Context
    let flow: X86Flow
    let index: Int
    var findings = X86Findings()
    /// Blocks whose last branch goes by the CPU's answers.
    var decisions: Set<Int> = []
    /// Blocks that run only by such a branch, found so far.
    var isGuarded: [Bool]
    /// Instructions whose address is one of several that the CPU's answers choose from.
    var chosen: Set<Int32> = []
    /// The same by the bits of their origins.
    var chosenOrigins: UInt64 = 0
    /// The bit of each instruction that makes an address worth following.
    private var originBits: [Int32: UInt64] = [:]
    /// Calls of functions that have nothing to do with the CPU.
    var hasOtherCalls = false
    /// Result by the branches that led to it; counts only for a function that does nothing else.
    var resultByChoice: X86State.Taint = 0
    /// The one address that every way out so far gives back.
    var resultAddress: UInt64?
    var hasResult = false

    /// Instructions looked at, over all passes.
    private var work = 0
    /// Beyond it the function counts as far as it was looked into.
    private var workLimit: Int { 20_000 + 1000 * flow.instructions.count }

    static func run(_ context: X86Context, _ index: Int) -> X86Findings? {
        guard
            let flow = X86Flow(
                context.program,
                index,
                isMain: context.main == index,
                doesNotReturn: { Self.doesNotReturn($0, context) }
            )
        else { return nil }
        var analysis = X86TaintAnalysis(
            context: context,
            flow: flow,
            index: index,
            isGuarded: Array(repeating: false, count: flow.blocks.count)
        )
        analysis.solve()
        return analysis.finished()
    }

    private static func doesNotReturn(_ instruction: X86Instruction, _ context: X86Context) -> Bool {
        guard instruction.isDirect,
            let callee = context.program.functions.index(startingAt: instruction.target)
        else {
            return context.program.image.imports[instruction.target].map(X86Context.isEndless) ?? false
        }
        return context.endless.contains(callee)
    }

    // MARK: Fixpoint

    /// Branches by the CPU's answers make further values depend on them, which make further branches depend.
    private mutating func solve() {
        let dependence = X86ControlDependence(flow)
        for _ in 0..<6 {
            pass()
            let guarded = dependence.dependents(on: Array(decisions))
            if guarded == isGuarded { break }
            for block in guarded.indices where guarded[block] { isGuarded[block] = true }
        }
    }

    private mutating func pass() {
        var atStart = [X86State?](repeating: nil, count: flow.blocks.count)
        let entry = X86State.entry(
            parameterRegisters: context.parameterRegisters,
            tainted: context.taintedParameters[index] ?? 0
        )
        var isOpen = [Bool](repeating: false, count: flow.blocks.count)
        // Blocks that nothing leads to: landing pads, and targets of jumps that were not understood.
        for block in flow.blocks.indices where block == 0 || flow.predecessors[block].isEmpty {
            atStart[block] = entry
            isOpen[block] = true
        }
        var isChanged = true
        while isChanged, work < workLimit {
            isChanged = false
            // In an order in which most blocks come after those that lead to them.
            for block in flow.order where isOpen[block] {
                isOpen[block] = false
                isChanged = true
                work += flow.blocks[block].range.count + 4
                visit(block, &atStart, &isOpen)
            }
        }
    }

    private mutating func visit(_ block: Int, _ atStart: inout [X86State?], _ isOpen: inout [Bool]) {
        guard var state = atStart[block] else { return }
        for number in flow.blocks[block].range { step(number, block, &state) }
        for successor in flow.blocks[block].successors where successor < flow.exit {
            if atStart[successor] == nil {
                atStart[successor] = state
                isOpen[successor] = true
            } else {
                // Ways meet again that parted by the CPU's answers: what differs was chosen by them.
                if isGuarded[block] || decisions.contains(block) {
                    chosenOrigins |= atStart[successor]?.differingOrigins(state) ?? 0
                }
                guard atStart[successor]?.merge(state) ?? false else { continue }
                isOpen[successor] = true
            }
        }
    }

    /// The bit for an instruction that makes this address; 0 when nothing lies there that could be followed, or when the
    /// bits are used up: then the address counts as one that is always taken.
    mutating func origin(_ number: Int, _ address: UInt64) -> UInt64 {
        if let known = originBits[Int32(number)] { return known }
        guard originBits.count < 64, isWorthFollowing(address) else { return 0 }
        let bit = UInt64(1) << UInt64(originBits.count)
        originBits[Int32(number)] = bit
        return bit
    }

    private func isWorthFollowing(_ address: UInt64) -> Bool {
        let image = context.program.image
        if image.isCode(address) { return context.program.functions.index(startingAt: address) != nil }
        if image.isFixed { return true }
        let next = image.firstPointer(from: address)
        return next < image.pointers.count && image.pointers[next].place &- address < 64
    }

    // MARK: Result

    private mutating func finished() -> X86Findings {
        for (number, bit) in originBits where chosenOrigins & bit != 0 { chosen.insert(number) }
        if !hasOtherCalls, flow.instructions.count <= 128 { findings.summary.result |= resultByChoice }
        // A long function that does much else gives back something that at most touched the CPU's answers.
        if hasOtherCalls, flow.instructions.count > 128, !hasQuery { findings.summary.result = 0 }
        if let resultAddress, context.words.contains(resultAddress, 256) { findings.summary.address = resultAddress }
        let isResolver = context.program.image.resolvers.contains(flow.function.start)
        var freeFeatures: UInt64 = 0
        var guardedFeatures: UInt64 = 0
        for (number, instruction) in flow.instructions.enumerated() {
            let block = Int(flow.blockOf[number])
            let isLast = number == flow.blocks[block].range.upperBound - 1
            let isBehindCheck = isGuarded[block] || (isLast && decisions.contains(block) && leaves(instruction))
            if isGuarded[block] {
                if instruction.feature != 0 { guardedFeatures |= 1 << UInt64(instruction.feature) }
                var seen = UInt64.max
                X86Event.append(
                    instruction,
                    in: flow.function,
                    image: context.program.image,
                    features: &seen,
                    to: &findings.guarded
                )
                continue
            }
            var events: [X86Event] = []
            X86Event.append(
                instruction,
                in: flow.function,
                image: context.program.image,
                features: &freeFeatures,
                to: &events
            )
            // The instruction itself runs, but where it leads is a matter of the CPU.
            let isMatterOfCPU = isBehindCheck || isResolver || chosen.contains(Int32(number))
            for event in events {
                if isMatterOfCPU && event.isEdge { findings.guarded.append(event) } else { findings.free.append(event) }
            }
        }
        findings.guardedFeatures = guardedFeatures
        findings.work = work
        findings.isComplete = work < workLimit
        findings.hasQuery = hasQuery
        findings.summary.asks = hasQuery
        findings.hasCheck = !decisions.isEmpty || !chosen.isEmpty
        return findings
    }

    var hasQuery: Bool { flow.instructions.contains { $0.isKind(APUS_X86_CPUID) || $0.isKind(APUS_X86_XGETBV) } }

    private func leaves(_ instruction: X86Instruction) -> Bool {
        instruction.isDirect && flow.number(at: instruction.target) == nil
    }
}
