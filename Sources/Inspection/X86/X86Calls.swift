internal import CZydis

/// What a call does to what is known.
extension X86TaintAnalysis {
    mutating func call(_ instruction: X86Instruction, _ state: inout X86State) {
        let answer = answer(of: instruction, &state)
        let address = knownResult(of: instruction, state)
        for register in context.clobbered { state.registers[register] = Cell() }
        state.registers[X86Instruction.flagsRegister] = Cell()
        state.vectors = 0
        if let address { state.registers[0].value = .address(address) }
        guard answer != 0 else { return }
        for register in context.resultRegisters { state.registers[register].taint = answer }
    }

    private func knownResult(of instruction: X86Instruction, _ state: X86State) -> UInt64? {
        callee(of: instruction, state).flatMap { context.summaries[$0]?.address }
    }

    /// The taint of the result; notes what goes in and out through pointers.
    private mutating func answer(of instruction: X86Instruction, _ state: inout X86State) -> Taint {
        guard let callee = callee(of: instruction, state) else {
            if let name = context.program.image.imports[instruction.target], X86Context.answersForCPU(name) {
                return X86State.cpu
            }
            hasOtherCalls = true
            // A pointer that was chosen by the CPU's answers may answer anything; its result is data.
            return 0
        }
        if let name = context.program.importedName(of: callee) {
            if X86Context.answersForCPU(name) { return X86State.cpu }
            hasOtherCalls = true
            return 0
        }
        noteArguments(callee, at: instruction.address, state)
        guard let summary = context.summaries[callee] else {
            hasOtherCalls = true
            return 0
        }
        if !summary.tellsOfCPU { hasOtherCalls = true }
        if summary.asks && summary.tellsOfCPU { findings.callsQuery = true }
        apply(summary, &state)
        return mapped(summary.result, state)
    }

    private func callee(of instruction: X86Instruction, _ state: X86State) -> Int? {
        if instruction.isDirect { return context.callee(at: instruction.target) }
        if instruction.readsMemory {
            guard case .address(let slot) = place(instruction, state), !instruction.hasIndex,
                let target = context.program.image.pointer(at: slot)
            else { return nil }
            return context.program.functions.index(startingAt: target)
        }
        let register = (instruction.reads & 0xffef).trailingZeroBitCount
        guard register < 16, case .address(let target) = state.registers[register].value else { return nil }
        return context.program.functions.index(startingAt: target)
    }

    private mutating func noteArguments(_ callee: Int, at site: UInt64, _ state: X86State) {
        var parameters: UInt8 = 0
        for (number, register) in context.parameterRegisters.enumerated() {
            let cell = state.registers[register]
            if X86State.isCPU(cell.taint) { parameters |= 1 << UInt8(number) }
            if X86State.isCPU(pointee(cell, state)) || X86State.isCPU(cell.taint), context.summaries[callee] == nil {
                findings.wanted.insert(callee)
            }
        }
        if parameters != 0 {
            let before = findings.arguments[site]?.parameters ?? 0
            findings.arguments[site] = (callee, before | parameters)
        }
    }

    /// What a pointer points to, for the 256 bytes from there.
    private func pointee(_ cell: Cell, _ state: X86State) -> Taint {
        switch cell.value {
        case .address(let address): context.words.contains(address, 256) ? X86State.cpu : 0
        case .stack(let offset): stackPointee(offset, state)
        case .parameter(let number, _): X86State.parameter(number)
        case .unknown: 0
        }
    }

    /// By this function's own frame: what lies above belongs to the caller.
    private func stackPointee(_ offset: Int64, _ state: X86State) -> Taint {
        state.stackTaint(offset, max(1, min(256, 0 &- offset)))
    }

    private func mapped(_ taint: Taint, _ state: X86State) -> Taint {
        var result = taint & (X86State.cpu | X86State.chosen)
        for (number, register) in context.parameterRegisters.enumerated() where taint & X86State.parameter(number) != 0
        {
            result |= state.registers[register].taint | pointee(state.registers[register], state)
        }
        return result
    }

    private mutating func apply(_ summary: X86Summary, _ state: inout X86State) {
        for entry in summary.stores where entry.parameter < context.parameterRegisters.count {
            let cell = Cell(taint: mapped(entry.taint, state))
            guard cell.taint != 0 else { continue }
            let pointer = state.registers[context.parameterRegisters[entry.parameter]].value
            let place: Place =
                switch pointer {
                case .address(let address): .address(address &+ UInt64(bitPattern: entry.offset))
                case .stack(let offset): .stack(offset &+ entry.offset)
                case .parameter(let number, let offset): .parameter(number, offset &+ entry.offset)
                case .unknown: .unknown
                }
            store(cell, place, size: entry.size, isIndexed: false, &state)
        }
        guard case .stack(let top) = state.registers[4].value else { return }
        for offset in summary.frameStores {
            state.store(Cell(taint: X86State.cpu), at: top &+ offset &- 8, size: 4)
        }
    }
}
