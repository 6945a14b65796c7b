internal import CZydis

/// The instruction that the C side describes, in Swift's words.
typealias X86Instruction = apus_x86_instruction

extension X86Instruction {
    var isDirect: Bool { flags & UInt8(APUS_X86_DIRECT) != 0 }
    /// `target` is the address of the memory operand, or the base of its table.
    var isAbsolute: Bool { flags & UInt8(APUS_X86_ABSOLUTE) != 0 }
    /// `target` is certain, not only where the image is always loaded at the same place.
    var isRelative: Bool { flags & UInt8(APUS_X86_RELATIVE) != 0 }
    var readsMemory: Bool { flags & UInt8(APUS_X86_MEMORY_READ) != 0 }
    var writesMemory: Bool { flags & UInt8(APUS_X86_MEMORY_WRITE) != 0 }
    var hasImmediate: Bool { flags & UInt8(APUS_X86_HAS_IMMEDIATE) != 0 }
    /// Relative to FS or GS.
    var isThreadLocal: Bool { flags & UInt8(APUS_X86_SEGMENT) != 0 }
    var hasMemory: Bool { flags & UInt8(APUS_X86_HAS_MEMORY) != 0 }
    var hasBase: Bool { base != Self.noRegister }
    var hasIndex: Bool { index != Self.noRegister }

    func isKind(_ kind: apus_x86_kind) -> Bool { UInt32(self.kind) == kind.rawValue }

    /// Whether the next instruction may follow. A call at the end of a function is one that does not return.
    var runsOn: Bool {
        switch UInt32(kind) {
        case APUS_X86_CALL.rawValue, APUS_X86_JUMP.rawValue, APUS_X86_RETURN.rawValue, APUS_X86_TRAP.rawValue,
            APUS_X86_HALT.rawValue, APUS_X86_PADDING.rawValue, APUS_X86_INVALID.rawValue, APUS_X86_PRIVILEGED.rawValue:
            false
        default: true
        }
    }

    private static let noRegister = UInt8(APUS_X86_NO_REGISTER)
    static let flagsRegister = Int(APUS_X86_FLAGS_BIT)
}
