/// The few x86 instructions that a diagnosis has to know without a decoder: it must not blame the CPU for a trap because
/// a library is missing.
struct X86Opcode {
    let kind: CrashInstruction.Kind
    /// The text of a trap; `nil` for the rest, which a decoder writes better.
    let text: String?

    /// Encodings: Intel SDM volume 2, appendix A.
    init(_ code: [UInt8]) {
        var index = 0
        var sized = false
        var wide = false
        var repeated = false
        while index < code.count, index < 14 {
            switch code[index] {
            case 0x66: sized = true
            case 0xF3, 0xF2: repeated = true
            case 0x2E, 0x36, 0x3E, 0x26, 0x64, 0x65, 0x67, 0xF0: break
            case 0x40...0x4F: wide = true
            default:
                (kind, text) = Self.read(Array(code[index...].prefix(4)), sized, repeated)
                return
            }
            // A REX prefix counts only directly before the opcode; what follows it is the opcode.
            index += 1
            if wide { break }
        }
        (kind, text) = Self.read(Array(code.dropFirst(index).prefix(4)), sized, repeated)
    }

    private static func read(_ code: [UInt8], _ sized: Bool, _ repeated: Bool) -> (CrashInstruction.Kind, String?) {
        guard let first = code.first else { return (.ordinary, nil) }
        let second = code.count > 1 ? code[1] : 0
        let modRM = first == 0x0F ? (code.count > 2 ? code[2] : 0) : second
        switch (first, second) {
        case (0x0F, 0x0B): return (.trap, "ud2")
        // clang's -fsanitize-trap writes ud1 with the number of the failed check.
        case (0x0F, 0xB9): return (.trap, "ud1")
        case (0xCC, _): return (.trap, "int3")
        case (0xF4, _): return (.trap, "hlt")
        case (0xCD, 0x80): return (.int80, "int 0x80")
        case (0xCD, 0x03): return (.trap, "int 3")
        case (0xF6, _), (0xF7, _):
            let operation = modRM >> 3 & 7
            return operation >= 6 ? (.division(signed: operation == 7), nil) : (.ordinary, nil)
        // in, out, ins, outs, cli, sti: bytes that text and data are full of.
        case (0x6C...0x6F, _), (0xE4...0xE7, _), (0xEC...0xEF, _), (0xFA, _), (0xFB, _): return (.privileged, nil)
        // movaps, movapd, movdqa, movntps, movntdq with a memory operand.
        case (0x0F, 0x28), (0x0F, 0x29), (0x0F, 0x2B):
            return (modRM >> 6 == 3 || repeated ? .ordinary : .aligned, nil)
        case (0x0F, 0x6F), (0x0F, 0x7F), (0x0F, 0xE7):
            return (modRM >> 6 == 3 || !sized ? .ordinary : .aligned, nil)
        default: return (.ordinary, nil)
        }
    }
}
