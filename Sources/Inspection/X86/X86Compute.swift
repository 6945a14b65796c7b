internal import CZydis

/// Moves, arithmetic and selection.
extension X86TaintAnalysis {
    mutating func compute(_ instruction: X86Instruction, _ number: Int, _ block: Int, _ state: inout X86State) {
        chooseFromTable(instruction, number, state)
        var result = result(of: instruction, number, state)
        if isGuarded[block], isConstant(instruction) { result.taint |= X86State.chosen }
        if instruction.isKind(APUS_X86_SELECT) { select(instruction, number, state, &result) }
        if instruction.writesMemory {
            store(result, place(instruction, state), size: instruction.size,
                isIndexed: instruction.hasIndex, &state)
        }
        var writes = instruction.writes
        while writes != 0 {
            let register = writes.trailingZeroBitCount
            writes &= writes - 1
            guard register < state.registers.count else { continue }
            // The flags are no address, and the stack pointer stays one when it is aligned.
            if register >= 16 {
                state.registers[register] = Cell(taint: result.taint)
            } else if register == 4, instruction.isKind(APUS_X86_LOGIC) {
                continue
            } else {
                state.registers[register] = result
            }
        }
    }

    /// `mov reg, 1`, `or flags, 8`, `xor reg, reg`: the value says which way was taken.
    private func isConstant(_ instruction: X86Instruction) -> Bool {
        switch UInt32(instruction.kind) {
        case APUS_X86_CLEAR.rawValue: true
        case APUS_X86_MOVE.rawValue, APUS_X86_LOGIC.rawValue: 
            instruction.hasImmediate
        default: false
        }
    }

    private func result(of instruction: X86Instruction, _ number: Int, _ state: X86State) -> Cell {
        let hasImmediate = instruction.hasImmediate
        switch UInt32(instruction.kind) {
        case APUS_X86_CLEAR.rawValue: return Cell()
        case APUS_X86_LEA.rawValue: return address(instruction, number, state)
        case APUS_X86_MOVE.rawValue:
            if instruction.readsMemory { return loaded(instruction, number, state) }
            if hasImmediate {
                let value = UInt64(bitPattern: instruction.immediate)
                guard context.program.image.extent.contains(value) else { return Cell() }
                return Cell(value: .address(value), origins: [Int32(number)])
            }
            let source = instruction.reads.trailingZeroBitCount
            // A narrow move reads its destination too; then it is no copy.
            guard instruction.reads.nonzeroBitCount == 1, source < state.registers.count else { break }
            return state.registers[source]
        case APUS_X86_ADD.rawValue, APUS_X86_SUBTRACT.rawValue:
            guard hasImmediate, !instruction.hasMemory else { break }
            let source = (instruction.writes & 0xffff).trailingZeroBitCount
            guard source < 16 else { break }
            let isAdd = instruction.isKind(APUS_X86_ADD)
            return moved(state.registers[source], by: isAdd ? instruction.immediate : 0 &- instruction.immediate)
        default: break
        }
        return Cell(taint: inputs(instruction, state, number: number), origins: origins(instruction, state))
    }

    private func moved(_ cell: Cell, by distance: Int64) -> Cell {
        var cell = cell
        switch cell.value {
        case .address(let address): cell.value = .address(address &+ UInt64(bitPattern: distance))
        case .stack(let offset): cell.value = .stack(offset &+ distance)
        case .parameter(let number, let offset): cell.value = .parameter(number, offset &+ distance)
        case .unknown: break
        }
        return cell
    }

    /// Of the registers that go into a value, so that an address is followed through arithmetic.
    private func origins(_ instruction: X86Instruction, _ state: X86State) -> [Int32] {
        guard instruction.writes & 0xffff != 0 else { return [] }
        var result: Set<Int32> = []
        for register in 0..<16 where instruction.reads & 1 << UInt64(register) != 0 {
            result.formUnion(state.registers[register].origins)
        }
        return result.isEmpty ? [] : result.sorted().suffix(16)
    }

    private func address(_ instruction: X86Instruction, _ number: Int, _ state: X86State) -> Cell {
        var cell = Cell(taint: addressTaint(instruction, state))
        let isIndexed = instruction.hasIndex
        switch place(instruction, state) {
        case .address(let address):
            if !isIndexed { cell.value = .address(address) }
            cell.origins = [Int32(number)]
        case .stack(let offset): cell.value = .stack(offset)
        case .parameter(let parameter, let offset): cell.value = .parameter(parameter, offset)
        case .unknown: break
        }
        if instruction.base < 16 {
            cell.origins = Array(Set(cell.origins).union(state.registers[Int(instruction.base)].origins)).sorted().suffix(16)
        }
        return cell
    }

    // MARK: Choice

    /// A conditional move by the CPU's answers chooses between addresses; neither may be followed as if it were always
    /// taken.
    private mutating func select(_ instruction: X86Instruction, _ number: Int, _ state: X86State, _ result: inout Cell) {
        var origins = Set(result.origins)
        for register in 0..<16 where (instruction.reads | instruction.writes) & 1 << UInt64(register) != 0 {
            origins.formUnion(state.registers[register].origins)
        }
        if instruction.readsMemory {
            origins.formUnion(loaded(instruction, number, state).origins)
        }
        result.origins = Array(origins.sorted().suffix(16))
        if X86State.isCPU(state.registers[X86Instruction.flagsRegister].taint) { chosen.formUnion(origins) }
    }

    /// `table[level]`, with a level that comes from the CPU's answers.
    private mutating func chooseFromTable(_ instruction: X86Instruction, _ number: Int, _ state: X86State) {
        guard instruction.hasMemory else { return }
        if instruction.index < 16, X86State.isCPU(state.registers[Int(instruction.index)].taint) {
            if instruction.isAbsolute { chosen.insert(Int32(number)) }
            if instruction.base < 16 { chosen.formUnion(state.registers[Int(instruction.base)].origins) }
        }
        guard instruction.base < 16, X86State.isCPU(state.registers[Int(instruction.base)].taint) else { return }
        // [disp32 + base], where the base is the index; or an index that was added to the table's address.
        if instruction.isAbsolute { chosen.insert(Int32(number)) }
        if case .unknown = state.registers[Int(instruction.base)].value {
            chosen.formUnion(state.registers[Int(instruction.base)].origins)
        }
    }

    // MARK: Stores

    mutating func store(_ cell: Cell, _ place: Place, size: UInt8, isIndexed: Bool, _ state: inout X86State) {
        switch place {
        case .stack(let offset):
            if offset >= 8, X86State.isCPU(cell.taint) { findings.summary.frameStores.insert(offset) }
            if isIndexed {
                // Somewhere behind the address: what is there stays.
                if cell.taint != 0 { state.store(Cell(taint: cell.taint | state.stackTaint(offset..<(offset &+ 8))), at: offset, size: 1) }
            } else {
                state.store(cell, at: offset, size: size)
            }
        case .address(let address):
            guard X86State.isCPU(cell.taint), context.program.image.file.isWritable(address: address) else { return }
            findings.words.append((address, isIndexed ? 64 : UInt64(max(size, 1))))
        case .parameter(let number, let offset):
            guard cell.taint != 0, findings.summary.stores.count < X86Summary.storeLimit else { return }
            let taint = cell.taint
            if taint & ~X86State.parameter(number) != 0 {
                findings.summary.stores.insert(.init(parameter: number, offset: offset, size: isIndexed ? 64 : size, taint: taint))
            }
        case .unknown: break
        }
    }
}
