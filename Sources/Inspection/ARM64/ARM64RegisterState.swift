/// What is known of the registers at one place: addresses and constants, and which values derive from CPU features.
struct ARM64RegisterState: Sendable {
    private var values = SIMD32<UInt64>(repeating: 0)
    /// The reference, in the function's facts, that formed the address; -1 for none.
    private var origins = SIMD32<Int32>(repeating: -1)
    private var known: UInt32 = 0
    /// Bit by register, bit 32 for the flags.
    private(set) var taint: UInt64 = 0
    /// Tainted stack slots: the offset, told apart by the register it counts from.
    private(set) var slots: Set<Int> = []

    var flagsAreTainted: Bool { taint & 1 << 32 != 0 }

    func isTainted(_ register: Int) -> Bool { register < 31 && taint & 1 << UInt64(register) != 0 }

    /// `nil` for register 31, which is zero or the stack pointer, and for what is not known.
    func value(_ register: Int) -> UInt64? {
        known & 1 << UInt32(register) != 0 && register < 31 ? values[register] : nil
    }

    func origin(_ register: Int) -> Int? {
        known & 1 << UInt32(register) != 0 && origins[register] >= 0 ? Int(origins[register]) : nil
    }

    mutating func set(_ register: Int, value: UInt64, origin: Int? = nil, isTainted: Bool = false) {
        guard register < 31 else { return }
        values[register] = value
        origins[register] = Int32(truncatingIfNeeded: origin ?? -1)
        known |= 1 << UInt32(register)
        setTaint(register, isTainted)
    }

    mutating func forget(_ register: Int, isTainted: Bool = false) {
        guard register < 31 else { return }
        known &= ~(1 << UInt32(register))
        setTaint(register, isTainted)
    }

    mutating func copy(_ source: Int, to register: Int) {
        let isTainted = isTainted(source)
        if let value = value(source) {
            set(register, value: value, origin: origin(source), isTainted: isTainted)
        } else {
            forget(register, isTainted: isTainted)
        }
    }

    mutating func setFlags(isTainted: Bool) {
        if isTainted { taint |= 1 << 32 } else { taint &= ~(1 << 32) }
    }

    mutating func setSlot(_ slot: Int, isTainted: Bool) {
        if isTainted { slots.insert(slot) } else if !slots.isEmpty { slots.remove(slot) }
    }

    /// The procedure call standard: a call keeps x19 to x28 and the frame pointer.
    mutating func forgetAfterCall() {
        let kept: UInt64 = 0x3FF8_0000
        known &= UInt32(kept)
        taint &= kept
    }

    private mutating func setTaint(_ register: Int, _ isTainted: Bool) {
        if isTainted { taint |= 1 << UInt64(register) } else { taint &= ~(1 << UInt64(register)) }
    }

    /// What holds whichever way control came.
    mutating func merge(_ other: ARM64RegisterState) {
        var both = known & other.known
        var rest = both
        while rest != 0 {
            let register = rest.trailingZeroBitCount
            rest &= rest - 1
            if values[register] != other.values[register] { both &= ~(1 << UInt32(register)) }
        }
        known = both
        taint |= other.taint
        if !other.slots.isEmpty { slots.formUnion(other.slots) }
    }
}
