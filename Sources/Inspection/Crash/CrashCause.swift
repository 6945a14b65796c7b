package import LambdaModel

/// Why a process got the signal that ended it.
package enum CrashCause: Sendable, Hashable {
    /// The instruction needs a feature that the CPU lacks.
    case featureMissing(CPUFeature)
    /// The CPU should have executed it: the emulator lacks it, the kernel has not enabled it, or it is not what it seems.
    case refused(CPUFeature?)
    /// The bytes are no instruction.
    case invalidInstruction
    /// Nothing here can decode the instruction.
    case undecoded
    /// The program ended itself with an instruction made for that.
    case programTrap
    /// A null pointer, or a field behind one.
    case nullDereference(address: UInt64)
    /// A function pointer that is null, or nearly.
    case nullCall
    case stackOverflow
    /// The program counter is in memory that holds no code.
    case notExecutable
    /// Memory that is not there.
    case unmapped(address: UInt64)
    /// Memory that is there, but must not be used in this way.
    case protected(address: UInt64)
    /// x86 does not say which address: it was none at all (not canonical).
    case invalidPointer
    /// An instruction that insists on an aligned address.
    case misaligned
    /// The gate of 32-bit system calls.
    case int80
    /// An instruction that only the kernel may execute: mostly a jump into data.
    case privileged
    /// A mapped file is shorter than its mapping.
    case mappedFileTruncated
    case division(signed: Bool)
    /// The program called abort().
    case abort
    case systemCallRefused
    /// A program sent the signal, by kill() or raise().
    case sent
    case unknown

    /// A stable name for tools.
    package var code: String {
        switch self {
        case .featureMissing: "cpu-feature-missing"
        case .refused: "instruction-refused"
        case .invalidInstruction: "invalid-instruction"
        case .undecoded: "instruction-unknown"
        case .programTrap: "program-trap"
        case .nullDereference: "null-dereference"
        case .nullCall: "null-call"
        case .stackOverflow: "stack-overflow"
        case .notExecutable: "execution-of-data"
        case .unmapped: "unmapped-memory"
        case .protected: "protected-memory"
        case .invalidPointer: "invalid-pointer"
        case .misaligned: "misaligned-access"
        case .int80: "int80"
        case .privileged: "privileged-instruction"
        case .mappedFileTruncated: "mapped-file-truncated"
        case .division: "division"
        case .abort: "abort"
        case .systemCallRefused: "system-call-refused"
        case .sent: "sent-by-program"
        case .unknown: "unknown"
        }
    }
}
