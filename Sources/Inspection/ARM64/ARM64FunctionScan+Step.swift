internal import LambdaModel

/// What single instructions do to the values that the scan follows.
extension ARM64FunctionScan {
    mutating func step(_ index: Int) {
        let word = image.words[start + index]
        if let feature = ARM64Instructions.fastFeature(of: word), usesVectors || feature != .sve {
            need(feature, index)
        }
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
    mutating func refer(_ target: UInt64) -> Int? {
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
}
