/// What one instruction word says about the flow of control. Distances are in words, from the instruction itself.
enum ARM64Flow {
    case next
    case jump(Int)
    case branch(Int)
    case call(Int)
    case callRegister
    case jumpRegister
    /// Return, trap, or a word that is no instruction.
    case leave
}

/// Fields of instruction words (Arm Architecture Reference Manual, "A64 instruction set encoding").
enum ARM64Word {
    @inline(__always)
    static func flow(_ word: UInt32) -> ARM64Flow {
        // Branches, exceptions and system instructions: bits 28:26 are 101.
        guard word & 0x1C00_0000 == 0x1400_0000 else { return word >> 16 == 0 ? .leave : .next }
        switch word >> 26 {
        case 0b000101: return .jump(signed(word, from: 0, bits: 26))
        case 0b100101: return .call(signed(word, from: 0, bits: 26))
        default: break
        }
        if word & 0x7E00_0000 == 0x3400_0000 { return .branch(signed(word, from: 5, bits: 19)) }
        if word & 0x7E00_0000 == 0x3600_0000 { return .branch(signed(word, from: 5, bits: 14)) }
        if word & 0xFF00_0000 == 0x5400_0000 { return .branch(signed(word, from: 5, bits: 19)) }
        if word & 0xFE00_0000 == 0xD600_0000 {
            // opc in bits 24:21, its highest bit set for the forms that authenticate the pointer with a modifier.
            switch word >> 21 & 7 {
            case 0: return .jumpRegister
            case 1: return .callRegister
            default: return .leave
            }
        }
        return word & 0xFFE0_001F == 0xD420_0000 ? .leave : .next
    }

    @inline(__always)
    static func signed(_ word: UInt32, from low: UInt32, bits: UInt32) -> Int {
        Int(Int32(bitPattern: word << (32 - bits - low)) >> Int32(32 - bits))
    }

    /// `mrs Xt, <register>` of the space of identification registers: which CPU this is and what it can do.
    @inline(__always)
    static func readsIdentification(_ word: UInt32) -> Bool {
        word & 0xFFFF_F000 == 0xD538_0000
    }

    /// The load half of a load/store-exclusive pair: how CPUs without LSE do atomic operations.
    @inline(__always)
    static func isLoadExclusive(_ word: UInt32) -> Bool {
        word & 0x3FC0_0000 == 0x0840_0000
    }

    /// `cntb`, `cnth`, `cntw`, `cntd` and `rdvl`.
    @inline(__always)
    static func asksForVectorLength(_ word: UInt32) -> Bool {
        word & 0xFF30_FC00 == 0x0420_E000 || word & 0xFFFF_F800 == 0x04BF_5000
    }

    /// Loads and stores of allocation tags.
    @inline(__always)
    static func tagsMemory(_ word: UInt32) -> Bool {
        word & 0xFF20_0000 == 0xD920_0000
    }

    /// Where the constant of a load relative to the program counter lies, in words from the instruction.
    @inline(__always)
    static func literal(_ word: UInt32) -> Range<Int>? {
        guard word & 0x3B00_0000 == 0x1800_0000 else { return nil }
        let isVector = word & 1 << 26 != 0
        // 32, 64 and (for vectors) 128 bits; the signed word is 32.
        let count = isVector ? 1 << Int(word >> 30) : word >> 30 == 1 ? 2 : 1
        let start = signed(word, from: 5, bits: 19)
        return start..<start + count
    }

    /// `ldrb` with an unsigned offset.
    @inline(__always)
    static func loadsByte(_ word: UInt32) -> Bool {
        word & 0xFFC0_0000 == 0x3940_0000
    }
}
