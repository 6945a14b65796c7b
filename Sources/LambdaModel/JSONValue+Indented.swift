extension JSONValue {
    /// The value as JSON for people: a member or item on each line, two spaces a level, no newline at the end. Empty
    /// containers stay on their line. Numbers are written as they were read.
    package var indentedText: String { indented(by: "") }

    private func indented(by margin: String) -> String {
        let inner = margin + "  "
        switch self {
        case .array(let items) where !items.isEmpty:
            let lines = items.map { inner + $0.indented(by: inner) }
            return "[\n" + lines.joined(separator: ",\n") + "\n" + margin + "]"
        case .object(let members) where !members.isEmpty:
            let lines = members.map { inner + JSONText.quoted($0.name) + ": " + $0.value.indented(by: inner) }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + margin + "}"
        default: return text
        }
    }
}
