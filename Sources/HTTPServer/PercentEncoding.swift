/// Percent-encoding of URIs (RFC 3986 §2.1).
package enum PercentEncoding {
    /// Decodes `%XX`; a `%` that no two hexadecimal digits follow stays as it is. Bytes that are not UTF-8 are repaired.
    package static func decode(_ bytes: some Collection<UInt8>) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index != bytes.endIndex {
            if bytes[index] == UInt8(ascii: "%"), let (value, next) = escape(in: bytes, after: index) {
                result.append(value)
                index = next
            } else {
                result.append(bytes[index])
                index = bytes.index(after: index)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func escape<Bytes: Collection<UInt8>>(
        in bytes: Bytes,
        after percent: Bytes.Index
    ) -> (UInt8, Bytes.Index)? {
        let digits = bytes[bytes.index(after: percent)...].prefix(2)
        guard digits.count == 2 else { return nil }
        var value: UInt8 = 0
        for digit in digits {
            guard let nibble = hexValue(digit) else { return nil }
            value = value << 4 | nibble
        }
        return (value, digits.endIndex)
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
