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
            if body.hasPrefix("!") {
                guard let end = body.firstIndex(of: "}") else {
                    rest = rest[start.lowerBound...]
                    break
                }
                literal += "${" + body[..<end].dropFirst() + "}"
                rest = body[body.index(after: end)...]
                continue
            }
            let name = body.prefix(while: Self.isNameCharacter)
            guard name.endIndex < body.endIndex, body[name.endIndex] == "}", name.contains(where: { $0 != " " }) else {
                // Only the two characters: another variable may begin inside.
                literal += "${"
                rest = body
                continue
            }
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = ""
            pieces.append(.variable(String(name.filter { $0 != " " })))
            rest = body[body.index(after: name.endIndex)...]
        }
        literal += rest
        if !literal.isEmpty { pieces.append(.literal(literal)) }
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || ".:_- ".contains(character))
    }
}
