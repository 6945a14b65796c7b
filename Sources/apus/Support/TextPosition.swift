/// Line and column, both from 1, of a byte in a text.
struct TextPosition: Hashable {
    let line: Int
    /// In bytes.
    let column: Int

    init(offset: Int, in bytes: [UInt8]) {
        let before = bytes.prefix(offset)
        line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        column = min(offset, bytes.count) - lineStart + 1
    }
}
