/// Loads and stores: the variables and stack slots through which values come and go.
extension ARM64FunctionScan {
    mutating func memory(_ word: UInt32, _ index: Int) {
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
        guard n != 31, let pointer = state.value(n) else {
            // The switch between both ways of atomic operations is a byte; its address may come from far away.
            if choosesAtomics, bytes == 1, n != 31 {
                isTainted = true
                hasTaint = true
            }
            return state.forget(t, isTainted: isTainted)
        }
        let place = pointer &+ UInt64(bitPattern: Int64(offset))
        _ = refer(place)
        if knowledge.holdsFeature(place) || isImportedFeature(pointer, place) || isSwitch(place) {
            isTainted = true
            hasTaint = true
        }
        if knowledge.switches.contains(place) {
            isTainted = true
            hasTaint = true
            readsSwitch = true
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
