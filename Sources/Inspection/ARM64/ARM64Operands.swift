/// Operands of the instructions in the table, as assemblers write them.
enum ARM64Operands {
    /// Empty for an instruction without operands; the raw word where the row has no shape.
    static func text(_ word: UInt32, _ operands: ARM64Encoding.Operands) -> String {
        let d = word & 31
        let n = word >> 5 & 31
        let m = word >> 16 & 31
        let a = word >> 10 & 31
        let wide = word >> 31 == 1
        switch operands {
        case .none: return ""
        case .raw: return "(0x\(hexadecimal(word)))"
        case .atomic:
            let wideData = word >> 30 == 3
            return "\(general(m, wideData)), \(general(d, wideData)), \(memory(n))"
        case .load: return "\(general(d, word >> 30 == 3)), \(memory(n))"
        case .registers3: return "\(general(d, wide)), \(general(n, wide)), \(general(m, wide))"
        case .checksum: return "\(general(d, false)), \(general(n, false)), \(general(m, wide))"
        case .registers2: return "\(general(d, wide)), \(general(n, wide))"
        case .register: return general(d, true)
        case .target: return general(n, true)
        case .vectors2(let arrangement): return "v\(d).\(arrangement), v\(n).\(arrangement)"
        case .vectors3(let result, let source):
            let (result, source) = word >> 30 & 1 == 1 ? (result, source) : (half(result), half(source))
            return "v\(d).\(result), v\(n).\(source), v\(m).\(source)"
        case .vectors4(let arrangement):
            return "v\(d).\(arrangement), v\(n).\(arrangement), v\(m).\(arrangement), v\(a).\(arrangement)"
        case .scalars2(let letter): return "\(letter)\(d), \(letter)\(n)"
        case .scalars3(let letter): return "\(letter)\(d), \(letter)\(n), \(letter)\(m)"
        }
    }

    /// The arrangement of a 64-bit vector, which bit 30 = 0 selects; those without such a form stay as they are.
    private static func half(_ arrangement: String) -> String {
        switch arrangement {
        case "16b": "8b"
        case "8h": "4h"
        case "4s": "2s"
        default: arrangement
        }
    }

    private static func general(_ number: UInt32, _ wide: Bool) -> String {
        number == 31 ? (wide ? "xzr" : "wzr") : (wide ? "x" : "w") + String(number)
    }

    private static func memory(_ number: UInt32) -> String {
        number == 31 ? "[sp]" : "[x\(number)]"
    }

    static func hexadecimal(_ word: UInt32) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
