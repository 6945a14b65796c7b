/// Identifiers that the front door gives to an invocation.
package enum RequestIdentifier {
    /// A random (version 4) UUID in lower case.
    package static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        for (index, shift) in stride(from: 60, through: 0, by: -4).enumerated() {
            if index == 8 || index == 12 { bytes.append(UInt8(ascii: "-")) }
            bytes.append(digit(high >> UInt64(shift)))
        }
        for (index, shift) in stride(from: 60, through: 0, by: -4).enumerated() {
            if index == 0 || index == 4 { bytes.append(UInt8(ascii: "-")) }
            bytes.append(digit(low >> UInt64(shift)))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a text has the form of a UUID: 36 characters in either case.
    package static func isUUID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 36
            && bytes.enumerated().allSatisfy { index, byte in
                switch index {
                case 8, 13, 18, 23: byte == UInt8(ascii: "-")
                default: isHexadecimalDigit(byte)
                }
            }
    }

    private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// A trace header of X-Ray's form for an invocation that brings none, not sampled.
    package static func trace(epochMilliseconds: Int64) -> String {
        var generator = SystemRandomNumberGenerator()
        let seconds = hex(UInt64(max(0, epochMilliseconds / 1000)), digits: 8)
        let root = hex(generator.next(), digits: 16) + hex(generator.next(), digits: 8)
        return "Root=1-\(seconds)-\(root);Parent=\(hex(generator.next(), digits: 16));Sampled=0"
    }

    private static func hex(_ value: UInt64, digits: Int) -> String {
        let bytes = (0..<digits).map { digit(value >> UInt64((digits - 1 - $0) * 4)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func digit(_ value: UInt64) -> UInt8 {
        let nibble = UInt8(truncatingIfNeeded: value & 0xF)
        return nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
