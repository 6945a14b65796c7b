/// Finds keys whose comparison could take exponential time.
///
/// Yams hashes every key of a mapping to find duplicates, and an alias as a key stands for all that its anchor holds;
/// with anchors of aliases of aliases that never ends. A dozen aliases can do no harm; with more of them, keys that are
/// aliases or collections are refused before Yams sees the text. The search is lexical and so may, in a text with many
/// aliases, also refuse such a shape inside a block scalar: the error names the place.
enum YAMLKeyGuard {
    static let harmlessAliases = 12

    static func costlyKey(in text: String) -> (line: Int, column: Int)? {
        let bytes = Array(text.utf8)
        guard aliasCount(bytes) > harmlessAliases else { return nil }
        var line = 1
        var lineStart = 0
        for (offset, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") {
                line += 1
                lineStart = offset + 1
            } else if isCostlyKey(bytes, at: offset) {
                return (line, offset - lineStart + 1)
            }
        }
        return nil
    }

    private static func aliasCount(_ bytes: [UInt8]) -> Int {
        bytes.indices.count { isAlias(bytes, at: $0) }
    }

    /// `*name` where a value or a key may begin.
    private static func isAlias(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard bytes[offset] == UInt8(ascii: "*"), offset + 1 < bytes.count, isName(bytes[offset + 1]) else {
            return false
        }
        guard offset > 0 else { return true }
        return isBlank(bytes[offset - 1]) || "[{,:?-".utf8.contains(bytes[offset - 1])
    }

    private static func isCostlyKey(_ bytes: [UInt8], at offset: Int) -> Bool {
        switch bytes[offset] {
        case UInt8(ascii: "*") where isAlias(bytes, at: offset):
            var end = offset + 1
            while end < bytes.count, isName(bytes[end]) { end += 1 }
            return colonFollows(bytes, from: end)
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            return colonFollows(bytes, from: offset + 1)
        case UInt8(ascii: "?"):
            // An explicit key.
            let begins = offset == 0 || isBlank(bytes[offset - 1]) || "[{,".utf8.contains(bytes[offset - 1])
            return begins && offset + 1 < bytes.count && isBlank(bytes[offset + 1])
        default: return false
        }
    }

    private static func colonFollows(_ bytes: [UInt8], from start: Int) -> Bool {
        var offset = start
        while offset < bytes.count, bytes[offset] == UInt8(ascii: " ") || bytes[offset] == UInt8(ascii: "\t") {
            offset += 1
        }
        return offset < bytes.count && bytes[offset] == UInt8(ascii: ":")
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private static func isName(_ byte: UInt8) -> Bool {
        !isBlank(byte) && !"[]{},:*".utf8.contains(byte)
    }
}
