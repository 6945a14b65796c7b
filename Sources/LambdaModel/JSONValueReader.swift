/// Builds the tree of a text that ``JSONSyntax`` has found valid. What cannot occur in such a text ends the reading of
/// the value at hand; nothing traps.
struct JSONValueReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONValue.Failure) -> JSONValue {
        try value(depth: 0)
    }

    /// - Parameter depth: of the containers around the value.
    private mutating func value(depth: Int) throws(JSONValue.Failure) -> JSONValue {
        skipWhiteSpace()
        switch peek() {
        case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try items(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(string())
        case UInt8(ascii: "t"): return literal(4, .bool(true))
        case UInt8(ascii: "f"): return literal(5, .bool(false))
        case UInt8(ascii: "n"): return literal(4, .null)
        default: return number()
        }
    }

    private mutating func members(depth: Int) throws(JSONValue.Failure) -> [JSONValue.Member] {
        try open(depth: depth)
        var members: [JSONValue.Member] = []
        while !closes(with: UInt8(ascii: "}")) {
            let name = string()
            skipWhiteSpace()
            take(UInt8(ascii: ":"))
            members.append(JSONValue.Member(name: name, value: try value(depth: depth)))
        }
        return members
    }

    private mutating func items(depth: Int) throws(JSONValue.Failure) -> [JSONValue] {
        try open(depth: depth)
        var items: [JSONValue] = []
        while !closes(with: UInt8(ascii: "]")) { items.append(try value(depth: depth)) }
        return items
    }

    private mutating func open(depth: Int) throws(JSONValue.Failure) {
        guard depth <= JSONValue.maximumDepth else { throw .tooDeep(offset: offset) }
        offset += 1
    }

    /// Takes the end of a container, or else the comma before its next value.
    private mutating func closes(with end: UInt8) -> Bool {
        skipWhiteSpace()
        if take(end) || offset >= bytes.count { return true }
        if take(UInt8(ascii: ",")) { skipWhiteSpace() }
        return false
    }

    private mutating func literal(_ length: Int, _ value: JSONValue) -> JSONValue {
        offset += length
        return value
    }

    private mutating func number() -> JSONValue {
        let start = offset
        while let byte = peek(), Self.isPartOfNumber(byte) { offset += 1 }
        // Progress, whatever the byte.
        if offset == start { offset = bytes.count }
        return .number(String(decoding: bytes[start..<offset], as: UTF8.self))
    }

    private mutating func string() -> String {
        take(UInt8(ascii: "\""))
        var text: [UInt8] = []
        while let byte = peek() {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): escape(to: &text)
            default: text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escape(to text: inout [UInt8]) {
        guard let byte = peek() else { return }
        offset += 1
        switch byte {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(scalar()).utf8)
        default: text.append(byte)
        }
    }

    /// What stands behind `\u`: four digits, or a surrogate pair with the second `\u`. A surrogate on its own is no
    /// character and becomes U+FFFD.
    private mutating func scalar() -> Unicode.Scalar {
        let first = codeUnit()
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        let behind = offset
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            offset = behind
            return "\u{FFFD}"
        }
        let second = codeUnit()
        guard (0xDC00..<0xE000).contains(second) else {
            offset = behind
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func codeUnit() -> UInt32 {
        let digits = bytes[offset..<min(offset + 4, bytes.count)]
        offset += digits.count
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0xFFFD
    }

    private mutating func skipWhiteSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    @discardableResult
    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        offset += 1
        return true
    }

    private func peek() -> UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
