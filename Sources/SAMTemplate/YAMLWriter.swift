/// Writes a ``TemplateValue`` back as YAML: keys in order, tags kept, scalars spelled as in the source.
/// Comments are lost and aliases are written out.
enum YAMLWriter {
    static func text(of value: TemplateValue) -> String {
        lines(of: value).joined(separator: "\n") + "\n"
    }

    private static func lines(of value: TemplateValue) -> [String] {
        switch value.kind {
        case .map(let map) where !map.entries.isEmpty:
            map.entries.flatMap { entry in
                let key = key(entry.key)
                let head = key.utf8.count <= 512 ? key + ":" : "? " + key + "\n:"
                return lines(of: entry.value, after: head, indentation: "  ")
            }
        case .list(let items) where !items.isEmpty:
            items.flatMap { item in
                isContainer(item) && item.tag == nil
                    ? compact(lines(of: item)) : lines(of: item, after: "-", indentation: "  ")
            }
        default: [inline(value)]
        }
    }

    /// A value behind `KEY:` or `-`: on the same line, or below and further in.
    private static func lines(of value: TemplateValue, after head: String, indentation: String) -> [String] {
        let start = value.tag.map { head + " " + $0 } ?? head
        if isContainer(value) { return [start] + lines(of: value).map { indentation + $0 } }
        if let block = block(value) {
            return [start + " " + block.header] + block.lines.map { $0.isEmpty ? "" : indentation + $0 }
        }
        return [start + " " + inline(value)]
    }

    /// A container as a list item, which begins on the line of its dash.
    private static func compact(_ lines: [String]) -> [String] {
        lines.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
    }

    private static func isContainer(_ value: TemplateValue) -> Bool {
        switch value.kind {
        case .map(let map): !map.entries.isEmpty
        case .list(let items): !items.isEmpty
        default: false
        }
    }

    // MARK: Scalars

    private static func inline(_ value: TemplateValue) -> String {
        switch value.kind {
        case .map: return "{}"
        case .list: return "[]"
        default: break
        }
        if let spelling = value.spelling {
            guard spelling.style == .plain, !spelling.text.contains(where: \.isNewline) else {
                return quoted(spelling.text)
            }
            if spelling.text.isEmpty { return value.tag == nil ? "null" : "\"\"" }
            return spelling.text
        }
        return value.string.map { isPlain($0) ? $0 : quoted($0) } ?? value.json
    }

    /// A text of several lines as a literal block, where one can hold it.
    private static func block(_ value: TemplateValue) -> (header: String, lines: [String])? {
        guard let spelling = value.spelling, spelling.style == .block else { return nil }
        let text = spelling.text
        guard let first = text.unicodeScalars.first, first != " ", first != "\n", first != "\t" else { return nil }
        guard !text.unicodeScalars.contains(where: { needsEscape($0) && $0 != "\n" && $0 != "\t" }) else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.last?.isEmpty == true else { return ("|-", lines) }
        lines.removeLast()
        // Blank lines at the end need "keep"; a line of blanks there would be taken for one.
        guard lines.last?.contains(where: { $0 != " " }) == true else { return nil }
        return ("|", lines)
    }

    private static func key(_ key: String) -> String {
        isPlain(key) ? key : quoted(key)
    }

    /// Whether a string can stand without quotes and is still a string.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) || "./_".utf8.contains(first) else { return false }
        guard text.utf8.allSatisfy({ isLetter($0) || isDigit($0) || "._-/:".utf8.contains($0) }) else { return false }
        guard text.utf8.last != UInt8(ascii: ":") else { return false }
        if case .string = PlainScalar.kind(of: text) { return true }
        return false
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// A double-quoted scalar.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where needsEscape(scalar):
                let hex = String(scalar.value, radix: 16, uppercase: true)
                result += "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// What YAML does not allow, or takes for a line break or a byte order mark.
    private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
        default: false
        }
    }
}
