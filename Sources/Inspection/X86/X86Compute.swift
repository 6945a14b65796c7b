internal import CZydis

/// Moves, arithmetic and selection.
extension X86TaintAnalysis {
    mutating func compute(_ instruction: X86Instruction, _ number: Int, _ block: Int, _ state: inout X86State) {
        chooseFromTable(instruction, number, state)
        var result = result(of: instruction, number, state)
        if isGuarded[block], isConstant(instruction) { result.taint |= X86State.chosen }
        if instruction.isKind(APUS_X86_SELECT) { select(instruction, number, state, &result) }
        if instruction.writesMemory {
            store(
                result,
                place(instruction, state),
                size: instruction.size,
                isIndexed: instruction.hasIndex,
                &state
            )
        }
        var writes = instruction.writes
        while writes != 0 {
            let register = writes.trailingZeroBitCount
            writes &= writes - 1
            // The flags are no address, and the stack pointer stays one when it is aligned.
            if register > 16 {
                let bit = UInt64(1) << UInt64(register)
                state.vectors = X86State.isCPU(result.taint) ? state.vectors | bit : state.vectors & ~bit
            } else if register == 16 {
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

    private mutating func result(of instruction: X86Instruction, _ number: Int, _ state: X86State) -> Cell {
        let hasImmediate = instruction.hasImmediate
        switch UInt32(instruction.kind) {
        case APUS_X86_CLEAR.rawValue: return Cell()
        case APUS_X86_LEA.rawValue: return address(instruction, number, state)
        case APUS_X86_MOVE.rawValue:
            if instruction.readsMemory { return loaded(instruction, number, state) }
            if hasImmediate {
                let value = UInt64(bitPattern: instruction.immediate)
                guard context.program.image.isFixed, context.program.image.extent.contains(value) else { return Cell() }
                return Cell(value: .address(value), origins: origin(number, value))
            }
            let source = instruction.reads.trailingZeroBitCount
            // A narrow move reads its destination too; then it is no copy.
            guard instruction.reads.nonzeroBitCount == 1, source < 16 else { break }
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
    private func origins(_ instruction: X86Instruction, _ state: X86State) -> UInt64 {
        guard instruction.writes & 0xffff != 0 else { return 0 }
        return origins(ofRegisters: instruction.reads, state)
    }

    private func origins(ofRegisters mask: UInt64, _ state: X86State) -> UInt64 {
        var result: UInt64 = 0
        var rest = mask & 0xffff
        while rest != 0 {
            result |= state.registers[rest.trailingZeroBitCount].origins
            rest &= rest - 1
        }
        return result
    }

    private mutating func address(_ instruction: X86Instruction, _ number: Int, _ state: X86State) -> Cell {
        var cell = Cell(taint: addressTaint(instruction, state))
        let isIndexed = instruction.hasIndex
        switch place(instruction, state) {
        case .address(let address):
            if !isIndexed { cell.value = .address(address) }
            cell.origins = origin(number, address)
        case .stack(let offset): cell.value = .stack(offset)
        case .parameter(let parameter, let offset): cell.value = .parameter(parameter, offset)
        case .unknown: break
        }
        if instruction.base < 16 {
            cell.origins |= state.registers[Int(instruction.base)].origins
        }
        return cell
    }

    // MARK: Choice

    /// A conditional move by the CPU's answers chooses between addresses; neither may be followed as if it were always
    /// taken.
    private mutating func select(_ instruction: X86Instruction, _ number: Int, _ state: X86State, _ result: inout Cell)
    {
        result.origins |= origins(ofRegisters: instruction.reads | instruction.writes, state)
        if instruction.readsMemory { result.origins |= loaded(instruction, number, state).origins }
        if X86State.isCPU(state.registers[X86Instruction.flagsRegister].taint) { chosenOrigins |= result.origins }
    }

    /// `table[level]`, with a level that comes from the CPU's answers.
    mutating func chooseFromTable(_ instruction: X86Instruction, _ number: Int, _ state: X86State) {
        guard instruction.hasMemory else { return }
        let isIndexChosen = instruction.index < 16 && X86State.isCPU(state.registers[Int(instruction.index)].taint)
        let isBaseChosen = instruction.base < 16 && X86State.isCPU(state.registers[Int(instruction.base)].taint)
        guard isIndexChosen || isBaseChosen else { return }
        // The table's address may be the displacement or either register.
        if instruction.isAbsolute { chosen.insert(Int32(number)) }
        if instruction.base < 16 { chosenOrigins |= state.registers[Int(instruction.base)].origins }
        if instruction.index < 16 { chosenOrigins |= state.registers[Int(instruction.index)].origins }
    }

    // MARK: Stores

    mutating func store(_ cell: Cell, _ place: Place, size: UInt8, isIndexed: Bool, _ state: inout X86State) {
        switch place {
        case .stack(let offset):
            if offset >= 8, X86State.isCPU(cell.taint) { findings.summary.frameStores.insert(offset) }
            if isIndexed {
                // Somewhere behind the address: what is there stays.
                if cell.taint != 0 {
                    state.store(Cell(taint: cell.taint | state.stackTaint(offset, 8)), at: offset, size: 1)
                }
            } else {
                state.store(cell, at: offset, size: size)
            }
        case .address(let address):
            guard X86State.isCPU(cell.taint), context.program.image.file.isWritable(address: address) else { return }
            findings.words.append(
                X86Findings.Word(
                    address: address,
                    size: isIndexed ? 64 : UInt64(max(size, 1)),
                    isChosen: cell.taint & X86State.cpu == 0
                )
            )
        case .parameter(let number, let offset):
            guard cell.taint != 0, findings.summary.stores.count < X86Summary.storeLimit else { return }
            let taint = cell.taint
            if taint & ~X86State.parameter(number) != 0 {
                findings.summary.stores.insert(
                    .init(parameter: number, offset: offset, size: isIndexed ? 64 : size, taint: taint)
                )
            }
        case .unknown:
            if cell.taint & X86State.cpu != 0 { findings.keepsElsewhere = true }
        }
    }
}
