internal import CZydis

/// The effect of one instruction on what is known.
extension X86TaintAnalysis {
    typealias Taint = X86State.Taint
    typealias Cell = X86State.Cell

    /// A memory operand's place, as far as it is known.
    enum Place {
        case unknown
        case address(UInt64)
        case stack(Int64)
        case parameter(Int, Int64)
    }

    mutating func step(_ number: Int, _ block: Int, _ state: inout X86State) {
        let instruction = flow.instructions[number]
        switch UInt32(instruction.kind) {
        case APUS_X86_CPUID.rawValue: for register in 0..<4 { state.registers[register] = Cell(taint: X86State.cpu) }
        case APUS_X86_XGETBV.rawValue: for register in [0, 2] { state.registers[register] = Cell(taint: X86State.cpu) }
        case APUS_X86_PUSH.rawValue: push(instruction, number, &state)
        case APUS_X86_POP.rawValue: pop(instruction, &state)
        case APUS_X86_LEAVE.rawValue: leave(&state)
        case APUS_X86_CALL.rawValue:
            chooseFromTable(instruction, number, state)
            call(instruction, &state)
        case APUS_X86_RETURN.rawValue: finish(state)
        case APUS_X86_JUMP.rawValue:
            chooseFromTable(instruction, number, state)
            jump(instruction, block, &state)
        case APUS_X86_BRANCH.rawValue:
            if X86State.isCPU(inputs(instruction, state)) { decisions.insert(block) }
        default: compute(instruction, number, block, &state)
        }
    }

    // MARK: Operands

    func place(_ instruction: X86Instruction, _ state: X86State) -> Place {
        guard !instruction.isThreadLocal else { return .unknown }
        if !instruction.hasBase {
            let isKnown = instruction.isAbsolute && (instruction.isRelative || context.program.image.isFixed)
            return isKnown ? .address(instruction.target) : .unknown
        }
        guard instruction.base < 16 else { return .unknown }
        switch state.registers[Int(instruction.base)].value {
        case .address(let address): return .address(address &+ UInt64(bitPattern: instruction.displacement))
        case .stack(let offset): return .stack(offset &+ instruction.displacement)
        case .parameter(let number, let offset): return .parameter(number, offset &+ instruction.displacement)
        case .unknown:
            // [disp32 + base]: a table at a fixed address, and the register holds the index.
            let isTable =
                instruction.isAbsolute && context.program.image.isFixed
                && context.program.image.extent.contains(instruction.target)
            return isTable ? .address(instruction.target) : .unknown
        }
    }

    /// Of the registers that make up an address.
    func addressTaint(_ instruction: X86Instruction, _ state: X86State) -> Taint {
        var taint: Taint = 0
        if instruction.base < 16 { taint |= state.registers[Int(instruction.base)].taint }
        if instruction.index < 64 { taint |= state.taint(ofRegisters: 1 << UInt64(instruction.index)) }
        return taint
    }

    /// What a memory operand holds.
    mutating func loaded(_ instruction: X86Instruction, _ number: Int, _ state: X86State) -> Cell {
        var cell = Cell()
        let size = max(instruction.size, 1)
        let isIndexed = instruction.hasIndex
        switch place(instruction, state) {
        case .address(let address):
            let span = isIndexed ? UInt64(64) : UInt64(size)
            if context.words.contains(address, span) { cell.taint |= X86State.cpu }
            if size == 8, !isIndexed, let pointer = context.program.image.pointer(at: address),
                context.program.image.extent.contains(pointer)
            {
                // A slot of the GOT; of a variable this is its first value, good enough to see what may be called.
                cell.value = .address(pointer)
                cell.origins = origin(number, pointer)
            }
        case .stack(let offset):
            cell = isIndexed ? Cell(taint: state.stackTaint(offset, 64)) : state.load(offset, size: size)
        case .parameter(let parameter, _): cell.taint |= X86State.parameter(parameter)
        case .unknown: break
        }
        cell.taint |= addressTaint(instruction, state)
        return cell
    }

    /// Everything that the result of an instruction depends on.
    mutating func inputs(_ instruction: X86Instruction, _ state: X86State, number: Int = 0) -> Taint {
        var taint = state.taint(ofRegisters: instruction.reads)
        if instruction.readsMemory { taint |= loaded(instruction, number, state).taint }
        return taint
    }

    // MARK: Stack

    private mutating func push(_ instruction: X86Instruction, _ number: Int, _ state: inout X86State) {
        guard case .stack(let top) = state.registers[4].value else { return }
        var cell = Cell(taint: inputs(instruction, state, number: number))
        let source = (instruction.reads & ~(1 << 4)).trailingZeroBitCount
        if source < 16 { cell = state.registers[source] }
        state.registers[4].value = .stack(top &- 8)
        state.store(cell, at: top &- 8, size: 8)
    }

    private mutating func pop(_ instruction: X86Instruction, _ state: inout X86State) {
        var cell = Cell()
        if case .stack(let top) = state.registers[4].value {
            cell = state.load(top, size: 8)
            state.registers[4].value = .stack(top &+ 8)
        }
        let destination = (instruction.writes & ~(1 << 4)).trailingZeroBitCount
        if destination < 16 { state.registers[destination] = cell }
    }

    private mutating func leave(_ state: inout X86State) {
        guard case .stack(let frame) = state.registers[5].value else {
            state.registers[4].value = .unknown
            return
        }
        state.registers[4].value = .stack(frame &+ 8)
        state.registers[5] = state.load(frame, size: 8)
    }

    // MARK: Ends of paths

    mutating func finish(_ state: X86State) {
        if case .address(let address) = state.registers[0].value, !hasResult || resultAddress == address {
            resultAddress = address
        } else {
            resultAddress = nil
        }
        hasResult = true
        for register in context.resultRegisters {
            let taint = state.registers[register].taint
            resultByChoice |= taint & X86State.chosen
            // A result that only passes on what came in says nothing by itself.
            findings.summary.result |= taint & ~X86State.chosen
        }
    }

    private mutating func jump(_ instruction: X86Instruction, _ block: Int, _ state: inout X86State) {
        let isDirect = instruction.isDirect
        if !isDirect {
            if X86State.isCPU(inputs(instruction, state)) { decisions.insert(block) }
        } else if flow.number(at: instruction.target) == nil {
            // A tail call.
            call(instruction, &state)
            finish(state)
        }
    }
}
