/// Makes names of functions readable.
enum SymbolName {
    /// Names longer than this are cut: generic code makes names of thousands of characters.
    private static let maximumLength = 512

    /// A legacy Rust name is demangled; of one that a tool has demangled as C++, the hash is removed and Rust's escapes
    /// are resolved; every other name is returned as it is.
    static func readable(_ name: String) -> String {
        let cut = String(name.prefix(maximumLength))
        if let rust = legacyRust(cut) { return rust }
        guard let separator = hashSeparator(cut) else { return cut }
        return unescaped(cut[..<separator])
    }

    /// `main::checksum::h` and sixteen hexadecimal digits: where the hash begins.
    private static func hashSeparator(_ name: String) -> String.Index? {
        let suffix = name.suffix(19)
        guard suffix.count == 19, suffix.hasPrefix("::h"), suffix.dropFirst(3).allSatisfy(\.isHexDigit) else {
            return nil
        }
        return suffix.startIndex
    }

    /// `_ZN4main8checksum17hd80b86cbae4a0075E`: length-prefixed parts, the last of them the hash.
    static func legacyRust(_ name: String) -> String? {
        guard name.hasPrefix("_ZN"), let end = name.lastIndex(of: "E") else { return nil }
        var parts: [Substring] = []
        var rest = name[..<end].dropFirst(3)
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard digits.count < 4, let length = Int(digits), length > 0 else { return nil }
            rest = rest.dropFirst(digits.count)
            guard rest.count >= length else { return nil }
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        guard let hash = parts.popLast(), hash.count == 17, hash.hasPrefix("h"),
            hash.dropFirst().allSatisfy(\.isHexDigit), !parts.isEmpty
        else { return nil }
        return parts.map(unescaped).joined(separator: "::")
    }

    /// Rust writes characters that linkers do not take as `$LT$`, `$u20$`, and `::` inside a part as `..`.
    private static func unescaped(_ part: Substring) -> String {
        var result = ""
        var rest = part
        // A part may not begin with an escape, so Rust puts an underscore before it.
        if rest.hasPrefix("_$") { rest = rest.dropFirst() }
        while let character = rest.first {
            if character == "$", let (text, length) = escape(rest) {
                result += text
                rest = rest.dropFirst(length)
            } else if rest.hasPrefix("..") {
                result += "::"
                rest = rest.dropFirst(2)
            } else {
                result.append(character)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private static let escapes = [
        "$SP$": "@", "$BP$": "*", "$RF$": "&", "$LT$": "<", "$GT$": ">", "$LP$": "(", "$RP$": ")", "$C$": ",",
    ]

    private static func escape(_ text: Substring) -> (text: String, length: Int)? {
        guard let close = text.dropFirst().prefix(9).firstIndex(of: "$") else { return nil }
        let whole = text[...close]
        if let plain = escapes[String(whole)] { return (plain, whole.count) }
        guard whole.hasPrefix("$u"), let value = UInt32(whole.dropFirst(2).dropLast(), radix: 16),
            let scalar = Unicode.Scalar(value), scalar.value >= 0x20
        else { return nil }
        return (String(scalar), whole.count)
    }
}
