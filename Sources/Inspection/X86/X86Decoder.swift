internal import CZydis
package import LambdaModel

/// Decodes single x86-64 instructions; needs Zydis on this machine, which is loaded at first use.
package struct X86Decoder: Sendable {
    package enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// The library is not on this machine.
        case missingLibrary
        /// The library is of another version than the one that Apus was built for.
        case otherVersion

        package var description: String {
            switch self {
            case .missingLibrary:
                "x86-64 code cannot be read because the library Zydis is not on this machine; install it (Debian and "
                    + "Ubuntu: apt install libzydis4.0, or libzydis-dev; Homebrew: brew install zydis)"
            case .otherVersion:
                "x86-64 code cannot be read because the library Zydis on this machine is of another version than the "
                    + "one that Apus was built for; install Zydis 4.0 (Debian: apt install libzydis4.0)"
            }
        }
    }

    /// Loads the library, once in a process.
    package init() throws(Failure) {
        switch apus_zydis_load() {
        case 0: break
        case 2: throw .otherVersion
        default: throw .missingLibrary
        }
    }

    /// The first instruction of the bytes in Intel syntax, such as `vpbroadcastd ymm0, xmm0`; `nil` where none begins.
    ///
    /// Addresses relative to the instruction are written as absolute ones, counted from `address`.
    package func instructionText(bytes: some Collection<UInt8>, address: UInt64 = 0) -> String? {
        let code = Array(bytes.prefix(Self.longestInstruction))
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            let length = apus_x86_format(code, code.count, address, text.baseAddress, text.count)
            guard length > 0 else { return nil }
            return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// The extension that the first instruction of the bytes needs; `nil` when every x86-64 CPU has it, when it faults on
    /// none (LZCNT gives `.lzcnt`, although it does not fault), or when no instruction begins there.
    package func feature(bytes: some Collection<UInt8>) -> CPUFeature? {
        decode(bytes).flatMap { CPUFeature(zydis: $0.feature) }
    }

    /// How many bytes the first instruction has; `nil` where none begins.
    package func length(bytes: some Collection<UInt8>) -> Int? {
        decode(bytes).map { Int($0.length) }
    }

    /// Whether the first instruction is one by which a program stops itself: `ud0`, `ud1`, `ud2`, `int3`.
    package func isTrap(bytes: some Collection<UInt8>) -> Bool {
        decode(bytes).map { $0.kind == APUS_X86_TRAP.rawValue } ?? false
    }

    /// Whether the first instruction is `int 0x80`, the system call of 32-bit programs.
    package func isInt80(bytes: some Collection<UInt8>) -> Bool {
        decode(bytes).map { $0.kind == APUS_X86_INT80.rawValue } ?? false
    }

    /// Whether the first instruction is one that only the kernel may execute (`hlt`, `in`, `wrmsr`).
    package func isPrivileged(bytes: some Collection<UInt8>) -> Bool {
        decode(bytes).map { $0.kind == APUS_X86_HALT.rawValue || $0.kind == APUS_X86_PRIVILEGED.rawValue } ?? false
    }

    /// The architecture's limit for one instruction, in bytes.
    package static let longestInstruction = 15

    private func decode(_ bytes: some Collection<UInt8>) -> apus_x86_instruction? {
        let code = Array(bytes.prefix(Self.longestInstruction))
        var instruction = apus_x86_instruction()
        guard apus_x86_decode(code, code.count, 0, &instruction, 1) == 1,
            instruction.kind != APUS_X86_INVALID.rawValue
        else { return nil }
        return instruction
    }
}
