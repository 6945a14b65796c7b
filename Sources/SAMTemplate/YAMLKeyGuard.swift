internal import Yams

/// Finds keys whose comparison could take exponential time.
///
/// Yams hashes every key of a mapping to find duplicates, and an alias as a key stands for all that its anchor holds;
/// with anchors of aliases of aliases that never ends. A few aliases can do no harm. A text with more is composed
/// once with every alias replaced by a plain word, which shows whether a key is an alias or holds one.
enum YAMLKeyGuard {
    static let harmlessAliases = 6

    /// Throws when such a key exists. The columns of `text` stay valid for what Yams says of the replaced text.
    static func check(
        _ text: String,
        compose: (String) throws(TemplateError) -> Node?,
        file: String
    ) throws(TemplateError) {
        guard let mark = privateCharacter(notIn: text), let plain = replacingAliases(in: text, by: mark) else { return }
        guard let root = try compose(plain) else { return }
        var pending = [root]
        while let node = pending.popLast() {
            switch node {
            case .mapping(let mapping):
                for (key, value) in mapping {
                    guard case .scalar(let name) = key, name.string.unicodeScalars.first != mark else {
                        throw refusal(key, file)
                    }
                    pending.append(value)
                }
            case .sequence(let sequence): pending += Array(sequence)
            case .scalar, .alias: break
            }
        }
    }

    private static func refusal(_ key: Node, _ file: String) -> TemplateError {
        TemplateError(
            at: SourceLocation(file: file, line: key.mark?.line ?? 1, column: key.mark?.column ?? 1),
            "an alias or a collection is used as a key, in a text with many aliases",
            hint: "Use plain strings as keys."
        )
    }

    /// A character that marks what was an alias: from the private use area, and not in the text.
    private static func privateCharacter(notIn text: String) -> Unicode.Scalar? {
        let used = Set(text.unicodeScalars.lazy.map(\.value).filter { (0xE000...0xF8FF).contains($0) })
        return (0xE000...0xF8FF as ClosedRange<UInt32>).first { !used.contains($0) }.flatMap(Unicode.Scalar.init)
    }

    /// `nil` when the text has no more than ``harmlessAliases``.
    private static func replacingAliases(in text: String, by mark: Unicode.Scalar) -> String? {
        let bytes = Array(text.utf8)
        let aliases = bytes.indices.filter { isAlias(bytes, at: $0) }
        guard aliases.count > harmlessAliases else { return nil }
        let replacement = Array(String(Character(mark)).utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 2 * aliases.count)
        var start = 0
        for offset in aliases {
            result += bytes[start..<offset]
            result += replacement
            start = offset + 1
        }
        result += bytes[start...]
        return String(decoding: result, as: UTF8.self)
    }

    /// `*name` where a value or a key may begin. That the same may be part of a text does not matter.
    private static func isAlias(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard bytes[offset] == UInt8(ascii: "*"), offset + 1 < bytes.count, isName(bytes[offset + 1]) else {
            return false
        }
        // Line breaks beyond ASCII count as blanks.
        guard offset > 0, bytes[offset - 1] < 0x80 else { return true }
        return bytes[offset - 1] <= 0x20 || "[]{},:?-".utf8.contains(bytes[offset - 1])
    }

    private static func isName(_ byte: UInt8) -> Bool {
        byte > 0x20 && !"[]{},:*".utf8.contains(byte)
    }
}
