internal import LambdaModel

/// What single instructions do to the values that the scan follows.
extension ARM64FunctionScan {
    mutating func step(_ index: Int) {
        let word = image.words[start + index]
        if let feature = ARM64Instructions.fastFeature(of: word), usesVectors || feature != .sve { need(feature, index) }
        switch word >> 25 & 15 {
        case 8, 9: immediate(word, index)
        case 10, 11: control(word, index)
        case 4, 6, 12, 14: memory(word, index)
        case 5, 13: register(word)
        default: break
        }
    }

    private mutating func need(_ feature: CPUFeature, _ index: Int) {
        if isGuarded {
            facts.guarded.insert(feature)
        } else if !facts.needs.contains(where: { $0.feature == feature }) {
            facts.needs.append(.init(feature: feature, index: start + index))
        }
    }

    /// Notes an address; its number among the references.
    private mutating func refer(_ target: UInt64) -> Int? {
        guard image.file.isMapped(address: target) else { return nil }
        // Jumps inside the function are its own affair.
        if target > base, target < base &+ UInt64(count) * 4 { return nil }
        facts.references.append(.init(target: target, isGuarded: isGuarded))
        return facts.references.count - 1
    }

    // MARK: Immediates

    private mutating func immediate(_ word: UInt32, _ index: Int) {
        let d = Int(word & 31)
        let n = Int(word >> 5 & 31)
        switch word & 0x1F80_0000 {
        case 0x1000_0000, 0x1080_0000:
            let target = ARM64Sweep.target(word, at: address(index))
            state.set(d, value: target, origin: word >> 31 == 0 ? refer(target) : nil, isTainted: false)
        case 0x1100_0000: addImmediate(word, d, n)
        case 0x1280_0000: moveWide(word, d)
        case 0x1200_0000:
            let isTainted = state.isTainted(n) || carriesAnswer && n == 31
            if word >> 29 & 3 == 3 { state.setFlags(isTainted: state.isTainted(n)) }
            state.forget(d, isTainted: isTainted || carriesAnswer && state.isTainted(d))
        case 0x1380_0000: state.forget(d, isTainted: state.isTainted(n) || state.isTainted(Int(word >> 16 & 31)))
        default:
            // bfm keeps the other bits of its target.
            let keeps = word >> 29 & 3 == 1 && state.isTainted(d)
            state.forget(d, isTainted: state.isTainted(n) || keeps)
        }
    }

    /// In a guarded block a constant says how the check went.
    private var carriesAnswer: Bool { isGuarded }

    private mutating func addImmediate(_ word: UInt32, _ d: Int, _ n: Int) {
        let isTainted = state.isTainted(n)
        if word & 1 << 29 != 0 {
            state.setFlags(isTainted: isTainted)
            state.forget(d, isTainted: isTainted)
            return
        }
        guard word >> 31 == 1, let value = state.value(n) else {
            state.forget(d, isTainted: isTainted)
            return
        }
        let amount = UInt64(word >> 10 & 0xFFF) << (word & 1 << 22 == 0 ? 0 : 12)
        let sum = word & 1 << 30 == 0 ? value &+ amount : value &- amount
        state.set(d, value: sum, origin: refer(sum), isTainted: isTainted)
    }

    private mutating func moveWide(_ word: UInt32, _ d: Int) {
        let shift = UInt64(word >> 21 & 3) * 16
        let part = UInt64(word >> 5 & 0xFFFF) << shift
        switch word >> 29 & 3 {
        case 0: state.set(d, value: ~part, isTainted: carriesAnswer)
        case 2: state.set(d, value: part, isTainted: carriesAnswer)
        default:
            guard let before = state.value(d) else { return state.forget(d, isTainted: state.isTainted(d)) }
            let value = before & ~(0xFFFF << shift) | part
            state.set(d, value: value, origin: refer(value), isTainted: state.isTainted(d))
        }
    }

    // MARK: Registers

    private mutating func register(_ word: UInt32) {
        let d = Int(word & 31)
        let n = Int(word >> 5 & 31)
        let m = Int(word >> 16 & 31)
        let either = state.isTainted(n) || state.isTainted(m)
        switch word & 0x1FE0_0000 {
        case 0x1A80_0000: return select(d, n, m)
        case 0x1A40_0000:
            let isRegister = word & 1 << 11 == 0
            let isTainted = state.flagsAreTainted || state.isTainted(n) || isRegister && state.isTainted(m)
            return state.setFlags(isTainted: isTainted)
        default: break
        }
        switch word & 0x1F00_0000 {
        case 0x0A00_0000:
            // mov: orr with the zero register and without a shift.
            if word & 0x7FE0_FFE0 == 0x2A00_03E0 & 0x7FE0_FFE0 | UInt32(m) << 16, n == 31 {
                state.copy(m, to: d)
                if m == 31, carriesAnswer { state.forget(d, isTainted: true) }
                return
            }
            if word >> 29 & 3 == 3 { state.setFlags(isTainted: either) }
            state.forget(d, isTainted: either || carriesAnswer && state.isTainted(d))
        case 0x0B00_0000:
            if word & 1 << 29 != 0 { state.setFlags(isTainted: either) }
            state.forget(d, isTainted: either)
        case 0x1B00_0000: state.forget(d, isTainted: either || state.isTainted(Int(word >> 10 & 31)))
        default:
            let isOneSource = word & 0x5FE0_0000 == 0x5AC0_0000
            state.forget(d, isTainted: isOneSource ? state.isTainted(n) : either)
        }
    }

    /// csel and its kin: with tainted flags, either operand is chosen by the CPU's features.
    private mutating func select(_ d: Int, _ n: Int, _ m: Int) {
        if state.flagsAreTainted {
            facts.decidesByFeatures = true
            for register in [n, m] {
                if let origin = state.origin(register) { facts.references[origin].isGuarded = true }
            }
        }
        let isTainted = state.flagsAreTainted || state.isTainted(n) || state.isTainted(m)
        state.forget(d, isTainted: isTainted)
    }

    // MARK: Control

    private mutating func control(_ word: UInt32, _ index: Int) {
        let d = Int(word & 31)
        if ARM64Word.readsIdentification(word) {
            hasTaint = true
            return state.forget(d, isTainted: true)
        }
        switch ARM64Word.flow(word) {
        case .call(let distance): call(address(index) &+ UInt64(bitPattern: Int64(distance) * 4))
        case .callRegister: state.forgetAfterCall()
        case .jump(let distance), .branch(let distance):
            let target = index + distance
            guard target < 0 || target >= count else { return }
            let place = address(index) &+ UInt64(bitPattern: Int64(distance) * 4)
            facts.calls.append(.init(target: place, isGuarded: isGuarded))
            // A tail call returns what the other function returns.
            if knowledge.answers.contains(place) { facts.returnsTaint = true }
        case .leave:
            if word & 0xFFFF_FC1F == 0xD65F_0000, state.isTainted(0) { facts.returnsTaint = true }
        default:
            // mrs of any other register.
            if word & 0xFFF0_0000 == 0xD530_0000 { state.forget(d) }
        }
    }

    private mutating func call(_ target: UInt64) {
        facts.calls.append(.init(target: target, isGuarded: isGuarded))
        var answers = knowledge.answers.contains(target)
        if knowledge.auxiliary.contains(target) {
            // AT_HWCAP, AT_HWCAP2, AT_HWCAP3, AT_HWCAP4 of the kernel's auxiliary vector.
            answers = state.value(0).map { [16, 26, 29, 30].contains($0) } ?? true
        }
        state.forgetAfterCall()
        if answers {
            hasTaint = true
            state.forget(0, isTainted: true)
        }
    }

    // MARK: Memory

    private mutating func memory(_ word: UInt32, _ index: Int) {
        let t = Int(word & 31)
        let n = Int(word >> 5 & 31)
        let isVector = word & 1 << 26 != 0
        if word & 0x3B00_0000 == 0x1800_0000 {
            if !isVector { loadLiteral(word, index, t) }
        } else if word & 0x3A00_0000 == 0x2800_0000 {
            if !isVector { pair(word, t, n) }
        } else if word & 0x3800_0000 == 0x3800_0000 {
            single(word, t, n, isVector)
        } else if word & 0x3F00_0000 == 0x0800_0000 {
            exclusive(word, t, n)
        }
    }

    private mutating func loadLiteral(_ word: UInt32, _ index: Int, _ t: Int) {
        let place = address(index) &+ UInt64(bitPattern: Int64(ARM64Word.signed(word, from: 5, bits: 19) * 4))
        guard word >> 30 == 1, let value = image.constantPointer(at: place) else { return state.forget(t) }
        state.set(t, value: value, origin: refer(value))
    }

    private mutating func pair(_ word: UInt32, _ t: Int, _ n: Int) {
        let second = Int(word >> 10 & 31)
        let scale = word >> 31 == 1 ? 8 : 4
        // Only the plain and the pre-indexed form address the offset itself.
        let offset = word >> 23 & 3 == 1 ? 0 : ARM64Word.signed(word, from: 15, bits: 7) * scale
        if word & 1 << 22 != 0 {
            load(t, n, offset, bytes: scale)
            load(second, n, offset + scale, bytes: scale)
        } else {
            store(t, n, offset, bytes: scale)
            store(second, n, offset + scale, bytes: scale)
        }
        if word >> 23 & 1 == 1 { state.forget(n, isTainted: state.isTainted(n)) }
    }

    private mutating func single(_ word: UInt32, _ t: Int, _ n: Int, _ isVector: Bool) {
        let bytes = 1 << Int(word >> 30)
        let operation = word >> 22 & 3
        var offset: Int?
        var writesBack = false
        if word & 1 << 24 != 0 {
            offset = Int(clamping: ARM64Sweep.scaledOffset(word))
        } else if word & 1 << 21 == 0 {
            let kind = word >> 10 & 3
            offset = kind == 1 ? 0 : ARM64Word.signed(word, from: 12, bits: 9)
            writesBack = kind & 1 == 1
        } else if word & 0xC00 == 0 {
            // Atomic operations return the old value.
            return load(t, n, 0, bytes: bytes)
        }
        if let offset {
            if isVector {
                if let place = state.value(n) { _ = refer(place &+ UInt64(bitPattern: Int64(offset))) }
            } else if operation == 0 {
                store(t, n, offset, bytes: bytes)
            } else if !(word >> 30 == 3 && operation == 2) {
                load(t, n, offset, bytes: bytes)
            }
        } else if !isVector, operation != 0 {
            // A table indexed by something tainted gives something tainted.
            state.forget(t, isTainted: state.isTainted(n) || state.isTainted(Int(word >> 16 & 31)))
        }
        if writesBack { state.forget(n, isTainted: state.isTainted(n)) }
    }

    private mutating func exclusive(_ word: UInt32, _ t: Int, _ n: Int) {
        let bytes = 1 << Int(word >> 30)
        if word & 1 << 22 != 0 {
            load(t, n, 0, bytes: bytes)
        } else if word & 1 << 23 != 0 {
            store(t, n, 0, bytes: bytes)
        } else {
            state.forget(Int(word >> 16 & 31))
        }
    }

    private func slot(_ n: Int, _ offset: Int) -> Int? {
        // The frame pointer and the stack pointer count from different places.
        n == 31 ? offset : n == 29 && state.value(29) == nil ? offset + 1 << 40 : nil
    }

    private mutating func load(_ t: Int, _ n: Int, _ offset: Int, bytes: Int) {
        var isTainted = state.isTainted(n)
        if let slot = slot(n, offset) { isTainted = isTainted || state.slots.contains(slot) }
        guard n != 31, let pointer = state.value(n) else { return state.forget(t, isTainted: isTainted) }
        let place = pointer &+ UInt64(bitPattern: Int64(offset))
        _ = refer(place)
        if knowledge.holdsFeature(place) || isImportedFeature(pointer, place) || isSwitch(place) {
            isTainted = true
            hasTaint = true
        }
        guard bytes == 8, let value = image.constantPointer(at: place) else {
            return state.forget(t, isTainted: isTainted)
        }
        state.set(t, value: value, origin: refer(value), isTainted: isTainted)
    }

    /// A slot that the loader fills with the address of another object's feature word: reading through it comes next.
    private func isImportedFeature(_ pointer: UInt64, _ place: UInt64) -> Bool {
        image.imports[place].map(ARM64Knowledge.holdsFeatures) ?? false
    }

    /// A variable that decides between both ways of atomic operations, where its name is not known.
    private func isSwitch(_ place: UInt64) -> Bool {
        choosesAtomics && image.file.isWritable(address: place) && image.constantPointer(at: place) == nil
    }

    private mutating func store(_ t: Int, _ n: Int, _ offset: Int, bytes: Int) {
        // Of what a guarded block stores only constants are an answer of its check.
        let isAnswer = isGuarded && (t == 31 || state.value(t) != nil)
        let isTainted = state.isTainted(t) || isAnswer
        if let slot = slot(n, offset) { state.setSlot(slot, isTainted: isTainted) }
        guard n != 31, let pointer = state.value(n) else { return }
        let place = pointer &+ UInt64(bitPattern: Int64(offset))
        _ = refer(place)
        guard isTainted || isFeaturePackage, image.file.isWritable(address: place) else { return }
        facts.taintedStores.append((place, UInt64(bytes)))
    }
}
