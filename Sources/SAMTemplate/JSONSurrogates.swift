/// JSON writes characters beyond U+FFFF as two escapes, `\ud83d\ude00`, which YAML does not know.
enum JSONSurrogates {
    /// JSON text with such pairs replaced by the characters themselves; any other text unchanged.
    static func joined(in text: String) -> String {
        guard text.trimmingBlanks().hasPrefix("{"), text.contains("\\u") else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var offset = 0
        while offset < bytes.count {
            if let scalar = pair(in: bytes, at: offset) {
                result += Array(String(Character(scalar)).utf8)
                offset += 12
            } else if bytes[offset] == UInt8(ascii: "\\"), offset + 1 < bytes.count {
                // An escaped backslash is not the beginning of an escape.
                result += bytes[offset...offset + 1]
                offset += 2
            } else {
                result.append(bytes[offset])
                offset += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func pair(in bytes: [UInt8], at offset: Int) -> Unicode.Scalar? {
        guard let high = escape(in: bytes, at: offset), (0xD800...0xDBFF).contains(high) else { return nil }
        guard let low = escape(in: bytes, at: offset + 6), (0xDC00...0xDFFF).contains(low) else { return nil }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    }

    private static func escape(in bytes: [UInt8], at offset: Int) -> UInt32? {
        guard offset + 6 <= bytes.count, bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
        else {
            return nil
        }
        let digits = bytes[offset + 2..<offset + 6]
        guard digits.allSatisfy({ UInt8(ascii: "0") <= $0 && $0 != UInt8(ascii: "+") }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
