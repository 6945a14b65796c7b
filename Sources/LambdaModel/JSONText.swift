/// Writing JSON strings without Foundation: LambdaModel and the hot path import none.
package enum JSONText {
    /// `text` as a JSON string, quotes included (RFC 8259 §7). Only what must be escaped is escaped.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        result.reserveCapacity(text.utf8.count + 2)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// An object on one line, of values that are JSON already; members without a value are left out.
    package static func object(_ members: [(name: String, value: String?)]) -> String {
        let texts = members.compactMap { name, value in value.map { quoted(name) + ":" + $0 } }
        return "{" + texts.joined(separator: ",") + "}"
    }

    /// An array on one line, of items that are JSON already.
    package static func array(_ items: [String]) -> String {
        "[" + items.joined(separator: ",") + "]"
    }
}
