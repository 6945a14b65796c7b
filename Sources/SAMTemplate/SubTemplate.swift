/// The text of a `Sub`, taken apart: `${Name}`, `${Resource.Attribute}`, `${!Literal}`.
struct SubTemplate {
    enum Piece: Equatable {
        case literal(String)
        /// What stands between `${` and `}`, without blanks around it.
        case variable(String)
    }

    private(set) var pieces: [Piece] = []

    /// A `${` without an end, or around characters that no name has, is literal text, as in shell scripts.
    init(_ text: String) {
        var rest = text[...]
        var literal = ""
        while let start = rest.firstRange(of: "${") {
            literal += rest[..<start.lowerBound]
            let body = rest[start.upperBound...]
            guard let end = body.firstIndex(of: "}") else {
                rest = rest[start.lowerBound...]
                break
            }
            let name = body[..<end]
            if name.hasPrefix("!") {
                literal += "${" + name.dropFirst() + "}"
            } else if Self.isName(name) {
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = ""
                pieces.append(.variable(String(name.filter { $0 != " " })))
            } else {
                // Only the two characters: another variable may begin inside.
                literal += "${"
                rest = body
                continue
            }
            rest = body[body.index(after: end)...]
        }
        literal += rest
        if !literal.isEmpty { pieces.append(.literal(literal)) }
    }

    private static func isName(_ name: Substring) -> Bool {
        guard name.contains(where: { $0 != " " }) else { return false }
        return name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || ".:_- ".utf8.contains(byte)
        }
    }
}
