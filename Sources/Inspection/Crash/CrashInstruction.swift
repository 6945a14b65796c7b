package import LambdaModel

/// The instruction that a process died at.
package struct CrashInstruction: Sendable, Hashable {
    /// What an instruction means at a crash, told from its bytes alone.
    package enum Kind: Sendable, Hashable {
        case ordinary
        /// A program ends itself with it: `ud2`, `ud1`, `udf`, `brk`, `int3`, `hlt`.
        case trap
        /// The gate of 32-bit system calls.
        case int80
        /// Integer division of x86, which raises an exception for a divisor of 0 and for a quotient that does not fit.
        case division(signed: Bool)
        /// A load or store of x86 that faults where its address is not a multiple of its size.
        case aligned
        /// Only the kernel may execute it.
        case privileged
    }

    /// `vpbroadcastd ymm0, xmm0`; the bytes in hexadecimal where nothing can decode them.
    package var text: String
    package var feature: CPUFeature?
    package var kind: Kind
    /// Whether the bytes are an instruction of the architecture at all; `nil` where nothing here can tell.
    package var isValid: Bool?

    package init(text: String, feature: CPUFeature? = nil, kind: Kind = .ordinary, isValid: Bool? = true) {
        self.text = text
        self.feature = feature
        self.kind = kind
        self.isValid = isValid
    }
}
