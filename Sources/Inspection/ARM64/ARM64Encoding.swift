internal import LambdaModel

/// One row of the table of encodings: every word with these fixed bits is this instruction.
struct ARM64Encoding: Sendable {
    /// How the operands are written out.
    enum Operands: Sendable {
        /// None, or too many shapes to be worth it: the raw word stands beside the mnemonic.
        case raw
        case none
        /// `w0, w1, [x2]`: an atomic operation on memory, its size in bits 31:30.
        case atomic
        /// `w0, [x2]`.
        case load
        /// `x0, x1, x2`, bit 31 telling x from w.
        case registers3
        case registers2
        /// `w0, w1, x2`: only the data can be wide.
        case checksum
        /// `x0`: the register in bits 4:0, or for branches in bits 9:5.
        case register
        case target
        case vectors2(String)
        case vectors3(String, String)
        case vectors4(String)
        /// `h0, h1, h2`, a letter each.
        case scalars2(String)
        case scalars3(String)
    }

    var mask: UInt32
    var value: UInt32
    /// `nil`: every AArch64 CPU has it; such a row stands before a wider one that would claim it.
    var feature: CPUFeature?
    var mnemonic: String
    var operands: Operands

    init(
        _ mask: UInt32,
        _ value: UInt32,
        _ feature: CPUFeature?,
        _ mnemonic: String,
        _ operands: Operands = .raw
    ) {
        self.mask = mask
        self.value = value
        self.feature = feature
        self.mnemonic = mnemonic
        self.operands = operands
    }
}
