internal import CZydis

/// The control flow of one function.
struct X86Flow {
    struct Block {
        /// Numbers of instructions.
        var range: Range<Int>
        /// Numbers of blocks; `exit` of the flow stands for leaving the function.
        var successors: [Int] = []
    }

    let function: X86Function
    let instructions: [X86Instruction]
    private(set) var blocks: [Block] = []
    /// The block of each instruction.
    private(set) var blockOf: [Int32] = []
    private(set) var predecessors: [[Int]] = []
    /// All blocks, those before others that most paths pass first (reverse postorder).
    private(set) var order: [Int] = []
    /// The number that stands for the way out.
    var exit: Int { blocks.count }

    /// Instruction numbers by offset in the function; -1 inside an instruction.
    private let numberByOffset: [Int32]
    private var tableTargets: [Int: [Int]] = [:]

    /// Bytes of the longest function that is looked into; a longer one counts as free of checks.
    static let longestFunction = 512 << 10

    /// - Parameter doesNotReturn: whether a call to this address never comes back.
    /// - Parameter isMain: whether a result other than zero means that the program has failed.
    init?(_ program: X86Program, _ index: Int, isMain: Bool, doesNotReturn: (X86Instruction) -> Bool) {
        function = program.functions.list[index]
        guard let count = Int(exactly: function.end &- function.start), count > 0, count <= Self.longestFunction,
            let range = program.image.file.fileRange(ofAddress: function.start, count: count)
        else { return nil }
        let start = function.start
        instructions = program.image.file.bytes.withUnsafeBufferPointer { bytes in
            [X86Instruction](unsafeUninitializedCapacity: count) { buffer, filled in
                guard let base = bytes.baseAddress else { return }
                filled = apus_x86_decode(base + range.lowerBound, count, start, buffer.baseAddress, count)
            }
        }
        var numbers = [Int32](repeating: -1, count: count)
        for (number, instruction) in instructions.enumerated() {
            numbers[Int(instruction.address &- start)] = Int32(number)
        }
        numberByOffset = numbers
        findTables(program.image)
        divide(doesNotReturn, isMain)
    }

    /// The instruction that begins at an address of the function.
    func number(at address: UInt64) -> Int? {
        guard address >= function.start, address < function.end else { return nil }
        let number = numberByOffset[Int(address &- function.start)]
        return number >= 0 ? Int(number) : nil
    }

    // MARK: Jump tables

    /// Compilers write a table of offsets relative to the table, or of absolute addresses, and load its address shortly
    /// before the jump.
    private mutating func findTables(_ image: X86Image) {
        var tables: [(number: Int, targets: [Int])] = []
        for (number, instruction) in instructions.enumerated() {
            let kind = UInt32(instruction.kind)
            if instruction.isAbsolute, kind != APUS_X86_CALL.rawValue {
                let targets = table(image, at: instruction.target)
                if targets.count > 1 { tables.append((number, targets)) }
            }
            if kind == APUS_X86_JUMP.rawValue, !instruction.isDirect {
                if let nearest = tables.last { tableTargets[number] = nearest.targets }
            }
        }
    }

    private func table(_ image: X86Image, at address: UInt64) -> [Int] {
        guard let offset = image.file.fileOffset(ofAddress: address), number(at: address) == nil else { return [] }
        var result: [Int] = []
        while result.count < 4096, let raw = image.file.integer(at: offset + 4 * result.count, as: UInt32.self),
            let target = number(at: address &+ UInt64(bitPattern: Int64(Int32(bitPattern: raw))))
        {
            result.append(target)
        }
        if !result.isEmpty { return result }
        while result.count < 4096, let pointer = image.pointer(at: address &+ UInt64(8 * result.count)),
            let target = number(at: pointer)
        {
            result.append(target)
        }
        return result
    }

    // MARK: Blocks

    private mutating func divide(_ doesNotReturn: (X86Instruction) -> Bool, _ isMain: Bool) {
        var leads = [Bool](repeating: false, count: instructions.count + 1)
        leads[0] = true
        var endsPath = [Bool](repeating: false, count: instructions.count)
        for (number, instruction) in instructions.enumerated() {
            switch UInt32(instruction.kind) {
            case APUS_X86_BRANCH.rawValue, APUS_X86_JUMP.rawValue:
                leads[number + 1] = true
                for target in targets(of: number) ?? [] { leads[target] = true }
            case APUS_X86_RETURN.rawValue, APUS_X86_TRAP.rawValue, APUS_X86_HALT.rawValue: leads[number + 1] = true
            case APUS_X86_CALL.rawValue where doesNotReturn(instruction):
                endsPath[number] = true
                leads[number + 1] = true
            default: break
            }
        }
        blockOf = [Int32](repeating: 0, count: instructions.count)
        for number in instructions.indices {
            if leads[number] { blocks.append(Block(range: number..<number)) }
            blocks[blocks.count - 1].range = blocks[blocks.count - 1].range.lowerBound..<number + 1
            blockOf[number] = Int32(blocks.count - 1)
        }
        connect(endsPath)
        if isMain { endFailures() }
        link()
    }

    private mutating func connect(_ endsPath: [Bool]) {
        for block in blocks.indices {
            let last = blocks[block].range.upperBound - 1
            let next = block + 1
            let kind = UInt32(instructions[last].kind)
            var successors: [Int] = []
            switch kind {
            case APUS_X86_BRANCH.rawValue:
                successors = (targets(of: last) ?? []).map { Int(blockOf[$0]) } + [next]
                if targets(of: last)?.isEmpty ?? true { successors.append(exit) }
            case APUS_X86_JUMP.rawValue:
                successors = (targets(of: last) ?? []).map { Int(blockOf[$0]) }
                if successors.isEmpty { successors = [exit] }
            case APUS_X86_RETURN.rawValue: successors = [exit]
            case APUS_X86_TRAP.rawValue, APUS_X86_HALT.rawValue: break
            default: if !endsPath[last] { successors = [next] }
            }
            blocks[block].successors = Array(Set(successors)).sorted()
        }
    }

    /// `return 1` of main is an end like a call of exit: what follows a check that leads there is not optional.
    private mutating func endFailures() {
        let ends = blocks.indices.map { isEpilogue($0) }
        for block in blocks.indices {
            guard let next = blocks[block].successors.first, blocks[block].successors.count == 1 else { continue }
            guard next == exit || ends[next], failingResult(block) else { continue }
            blocks[block].successors = []
        }
    }

    /// Only gives the frame back: no calls, no other writes than to the stack pointer and saved registers.
    private func isEpilogue(_ block: Int) -> Bool {
        guard blocks[block].successors.allSatisfy({ $0 == exit }), !blocks[block].successors.isEmpty else {
            return false
        }
        return blocks[block].range.allSatisfy { number in
            let instruction = instructions[number]
            let copiesResult = instruction.isKind(APUS_X86_MOVE) && !instruction.hasImmediate
            return !instruction.isKind(APUS_X86_CALL) && (instruction.writes & 1 == 0 || copiesResult)
        }
    }

    /// Whether the last that a block does to the result is to set it to a number other than zero; the number may be kept in
    /// a register that the common end copies.
    private func failingResult(_ block: Int) -> Bool {
        guard let next = blocks[block].successors.first else { return false }
        if next != exit, let slot = loadedResult(next) { return failingStore(block, slot) }
        let result = next == exit ? 0 : copiedResult(next)
        for number in blocks[block].range.reversed() {
            let instruction = instructions[number]
            if instruction.isKind(APUS_X86_CALL), result == 0 { return false }
            guard instruction.writes & 1 << UInt64(result) != 0 else { continue }
            return instruction.isKind(APUS_X86_MOVE) && instruction.hasImmediate && instruction.immediate != 0
        }
        return false
    }

    /// The instruction by which an epilogue takes the result from the stack, as code without optimisation does.
    private func loadedResult(_ block: Int) -> X86Instruction? {
        blocks[block].range.lazy.map { instructions[$0] }
            .first { $0.isKind(APUS_X86_MOVE) && $0.readsMemory && $0.writes & 1 != 0 && $0.hasBase && !$0.hasIndex }
    }

    private func failingStore(_ block: Int, _ slot: X86Instruction) -> Bool {
        let last = blocks[block].range.lazy.reversed().map { instructions[$0] }
            .first { $0.writesMemory && $0.base == slot.base && $0.displacement == slot.displacement && !$0.hasIndex }
        guard let last else { return false }
        return last.isKind(APUS_X86_MOVE) && last.hasImmediate && last.immediate != 0
    }

    /// The register from which an epilogue takes the result; 0 where it is the result's own.
    private func copiedResult(_ block: Int) -> Int {
        for number in blocks[block].range {
            let instruction = instructions[number]
            if instruction.writes & 1 != 0, instruction.isKind(APUS_X86_MOVE), instruction.reads.nonzeroBitCount == 1,
                !instruction.hasMemory
            {
                return min(15, instruction.reads.trailingZeroBitCount)
            }
        }
        return 0
    }

    private mutating func link() {
        predecessors = Array(repeating: [], count: blocks.count + 1)
        for (block, entry) in blocks.enumerated() {
            for successor in entry.successors { predecessors[successor].append(block) }
        }
        order = pathOrder()
    }

    private func pathOrder() -> [Int] {
        var result: [Int] = []
        var seen = [Bool](repeating: false, count: blocks.count + 1)
        seen[exit] = true
        for root in blocks.indices.reversed() where root == 0 || predecessors[root].isEmpty {
            var stack = [(block: root, nextChild: 0)]
            guard !seen[root] else { continue }
            seen[root] = true
            while let top = stack.last {
                if top.nextChild < blocks[top.block].successors.count {
                    stack[stack.count - 1].nextChild += 1
                    let child = blocks[top.block].successors[top.nextChild]
                    if !seen[child] {
                        seen[child] = true
                        stack.append((child, 0))
                    }
                } else {
                    result.append(top.block)
                    stack.removeLast()
                }
            }
        }
        return result.reversed()
    }

    /// Instructions of this function that a jump may lead to; empty when it leaves the function.
    private func targets(of number: Int) -> [Int]? {
        let instruction = instructions[number]
        if instruction.isDirect {
            return self.number(at: instruction.target).map { [$0] } ?? []
        }
        return tableTargets[number]
    }
}
