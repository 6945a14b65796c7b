package import LambdaModel

/// What one AArch64 instruction needs of the CPU beyond Armv8.0-A with floating point.
///
/// Rows follow the encoding index of the Arm Architecture Reference Manual; every AArch64 instruction is one word, so
/// one table replaces a disassembler. Whatever the table does not know counts as baseline.
package enum ARM64Instructions {
    /// The feature that an instruction needs, with its mnemonic; `nil` for the baseline and for HINT space, which CPUs
    /// without the feature skip.
    package static func feature(of word: UInt32) -> (feature: CPUFeature, mnemonic: String)? {
        guard let encoding = encoding(of: word), let feature = encoding.feature else { return nil }
        return (feature, mnemonic(word, encoding))
    }

    /// The instruction for people: `eor3 v0.16b, v1.16b, v2.16b, v3.16b`; `nil` where `feature(of:)` is.
    package static func text(of word: UInt32) -> String? {
        guard let encoding = encoding(of: word), encoding.feature != nil else { return nil }
        let operands = ARM64Operands.text(word, encoding.operands)
        return mnemonic(word, encoding) + (operands.isEmpty ? "" : " " + operands)
    }

    /// A word that programs use to end themselves: `brk` (SIGTRAP) and `udf` (SIGILL), with its immediate.
    package static func trap(of word: UInt32) -> (mnemonic: String, immediate: UInt16)? {
        if word & 0xFFE0_001F == 0xD420_0000 { return ("brk", UInt16(truncatingIfNeeded: word >> 5)) }
        if word >> 16 == 0 { return ("udf", UInt16(truncatingIfNeeded: word)) }
        return nil
    }

    /// The feature alone: what runs over megabytes of code.
    @inline(__always)
    static func fastFeature(of word: UInt32) -> CPUFeature? {
        guard let row = table.match(word) else { return nil }
        return table.rows[row].feature
    }

    private static func encoding(of word: UInt32) -> ARM64Encoding? {
        table.match(word).map { encodings[$0] }
    }

    /// Acquire and release are bits of the word, and the size of bytes and halfwords is a letter of the mnemonic.
    private static func mnemonic(_ word: UInt32, _ encoding: ARM64Encoding) -> String {
        switch encoding.operands {
        case .atomic:
            let isSwapOrCompare = encoding.mnemonic == "cas"
            let acquire = word & (isSwapOrCompare ? 1 << 22 : 1 << 23) != 0
            let release = word & (isSwapOrCompare ? 1 << 15 : 1 << 22) != 0
            return encoding.mnemonic + (acquire ? "a" : "") + (release ? "l" : "") + sizeLetter(word)
        case .load: return encoding.mnemonic + sizeLetter(word)
        case .checksum:
            return encoding.mnemonic + ["b", "h", "w", "x"][Int(word >> 10 & 3)]
        default: return encoding.mnemonic
        }
    }

    private static func sizeLetter(_ word: UInt32) -> String {
        switch word >> 30 {
        case 0: "b"
        case 1: "h"
        default: ""
        }
    }

    // MARK: The table by bits 28:25

    /// Fixed bits and row numbers of all rows, in sixteen groups.
    struct Patterns: Sendable {
        struct Row: Sendable {
            var mask: UInt32
            var value: UInt32
            var feature: CPUFeature?
        }

        var rows: [Row] = []
        /// Where each group begins in `rows`; the seventeenth number is its end.
        var starts: [Int] = []

        /// The number of the first row that fits.
        @inline(__always)
        func match(_ word: UInt32) -> Int? {
            let group = Int(word >> 25 & 15)
            var row = starts[group]
            let end = starts[group + 1]
            while row < end {
                if word & rows[row].mask == rows[row].value { return row }
                row += 1
            }
            return nil
        }
    }

    private static let groups: [[ARM64Encoding]] = (0..<16).map { group in
        let rows =
            switch group {
            case 0: ARM64Encodings.sme
            case 2: ARM64Encodings.sve
            case 8, 9: ARM64Encodings.immediate
            case 10, 11: ARM64Encodings.system
            case 4, 6, 12, 14: ARM64Encodings.memory
            case 5, 13: ARM64Encodings.register
            case 7, 15: ARM64Encodings.simd
            default: [] as [ARM64Encoding]
            }
        // Of the wider groups only the rows whose own bits can occur here.
        return rows.filter { ($0.value ^ UInt32(group) << 25) & $0.mask & 0x1E00_0000 == 0 }
    }

    private static let encodings = groups.flatMap(\.self)

    static let table: Patterns = {
        var patterns = Patterns()
        for encodings in groups {
            patterns.starts.append(patterns.rows.count)
            patterns.rows += encodings.map { .init(mask: $0.mask, value: $0.value, feature: $0.feature) }
        }
        patterns.starts.append(patterns.rows.count)
        return patterns
    }()
}
