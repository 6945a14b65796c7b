/// Whether code ends with a call, as the code before a return address does.
enum CallSite {
    /// The last eight bytes before the address.
    static func endsX86(_ code: [UInt8]) -> Bool {
        guard code.count == 8 else { return false }
        // call rel32
        if code[3] == 0xE8 { return true }
        // call through a register or memory: FF /2 with 0, 1, 2, 4, 5 bytes behind its ModRM byte.
        return [6, 5, 4, 2, 1].contains { code[$0] == 0xFF && code[$0 + 1] >> 3 & 7 == 2 }
    }

    /// BL, BLR and their pointer-authenticating forms.
    static func endsARM64(_ code: [UInt8]) -> Bool {
        guard code.count >= 4 else { return false }
        let word = code.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return word & 0xFC00_0000 == 0x9400_0000 || word & 0xFEFF_F000 == 0xD63F_0000
    }
}
