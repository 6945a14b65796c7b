/// The types of unquoted scalars in YAML 1.1, which CloudFormation and SAM CLI read: `yes` is a boolean, `010` is
/// eight.
enum PlainScalar {
    static func kind(of text: String) -> TemplateValue.Kind {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return .bool(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, isNumberStart(first), text.utf8.count <= 64 else { return .string(text) }
        if let value = integer(text) { return .int(value) }
        if let value = float(text) { return .float(value) }
        return .string(text)
    }

    private static func isNumberStart(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Decimal, `0x` hexadecimal, `0b` binary and, with a leading zero, octal; underscores between digits are ignored.
    /// A number that an `Int` cannot hold stays text.
    private static func integer(_ text: String) -> Int? {
        var digits = text[...]
        var sign = ""
        if digits.hasPrefix("-") || digits.hasPrefix("+") {
            sign = digits.removeFirst() == "-" ? "-" : ""
        }
        guard let first = digits.utf8.first, isDigit(first) else { return nil }
        let plain = digits.filter { $0 != "_" }
        if plain.hasPrefix("0x") { return radix(16, sign, plain.dropFirst(2)) }
        if plain.hasPrefix("0b") { return radix(2, sign, plain.dropFirst(2)) }
        if plain.hasPrefix("0"), plain.utf8.count > 1 { return radix(8, sign, plain.dropFirst()) }
        return radix(10, sign, plain[...])
    }

    private static func radix(_ radix: Int, _ sign: String, _ digits: Substring) -> Int? {
        // `Int` would take another sign here.
        guard let first = digits.first, first != "-", first != "+" else { return nil }
        return Int(sign + digits, radix: radix)
    }

    /// A point is required, and a sign in the exponent: `1e3` is text in YAML 1.1.
    private static func float(_ text: String) -> Double? {
        let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        switch unsigned {
        case ".inf", ".Inf", ".INF": return text.hasPrefix("-") ? -.infinity : .infinity
        case ".nan", ".NaN", ".NAN": return .nan
        default: break
        }
        let plain = text.filter { $0 != "_" }
        let mantissa = plain.prefix { $0 != "e" && $0 != "E" }
        guard mantissa.contains("."), mantissa.utf8.contains(where: isDigit) else { return nil }
        let exponent = plain.dropFirst(mantissa.count).dropFirst()
        if mantissa.count < plain.count {
            guard exponent.hasPrefix("+") || exponent.hasPrefix("-") else { return nil }
        }
        guard plain.utf8.allSatisfy({ isDigit($0) || "+-.eE".utf8.contains($0) }) else { return nil }
        return Double(plain)
    }
}
