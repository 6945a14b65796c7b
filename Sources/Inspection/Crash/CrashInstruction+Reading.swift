internal import LambdaModel

extension CrashInstruction {
    /// The instruction that begins with the first byte; `nil` when there are no bytes.
    ///
    /// - Parameter address: where it lies in memory, for operands that are relative to it.
    static func read(_ code: [UInt8], address: UInt64, architecture: Architecture) -> CrashInstruction? {
        guard !code.isEmpty else { return nil }
        switch architecture {
        case .x86_64: return readX86(code, address)
        case .arm64: return readARM64(code)
        }
    }

    /// Bytes as people write them, at most sixteen.
    static func hexadecimal(_ code: [UInt8]) -> String {
        code.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }

    private static func readX86(_ code: [UInt8], _ address: UInt64) -> CrashInstruction? {
        let opcode = X86Opcode(code)
        // A trap and the 32-bit gate are told without a decoder, which may not be installed.
        if let text = opcode.text { return CrashInstruction(text: text, kind: opcode.kind) }
        guard let decoder = try? X86Decoder() else {
            return CrashInstruction(text: hexadecimal(code), kind: opcode.kind, isValid: nil)
        }
        guard let text = decoder.instructionText(bytes: code, address: address) else {
            return CrashInstruction(
                text: hexadecimal(code),
                isValid: code.count < X86Decoder.longestInstruction ? nil : false
            )
        }
        var kind = opcode.kind
        if kind == .ordinary, decoder.isPrivileged(bytes: code) { kind = .privileged }
        if kind == .ordinary, isAligned(text) { kind = .aligned }
        return CrashInstruction(text: text, feature: decoder.feature(bytes: code), kind: kind)
    }

    /// The VEX forms of the aligned moves; their memory operand stands in brackets.
    private static func isAligned(_ text: String) -> Bool {
        let mnemonics = [
            "vmovaps ", "vmovapd ", "vmovdqa ", "vmovdqa32 ", "vmovdqa64 ", "vmovntdq ", "vmovntps ", "vmovntpd ",
        ]
        return text.contains("[") && mnemonics.contains { text.hasPrefix($0) }
    }

    private static func readARM64(_ code: [UInt8]) -> CrashInstruction? {
        guard code.count >= 4 else { return nil }
        let word = code.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        if let trap = ARM64Instructions.trap(of: word) {
            return CrashInstruction(text: "\(trap.mnemonic) #0x" + String(trap.immediate, radix: 16), kind: .trap)
        }
        if let needed = ARM64Instructions.feature(of: word) {
            let text = ARM64Instructions.text(of: word) ?? needed.mnemonic
            return CrashInstruction(text: text, feature: needed.feature)
        }
        // The table knows what is beyond the baseline, not what is in it.
        let digits = String(word, radix: 16)
        let text = "word 0x" + String(repeating: "0", count: 8 - digits.count) + digits
        return CrashInstruction(text: text, isValid: nil)
    }
}
