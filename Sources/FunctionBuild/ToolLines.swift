/// Cuts a tool's output into lines and keeps the end of it, both within bounds.
struct ToolLines {
    /// The last bytes of all output, at most ``BuildFailure/outputBytes``.
    private(set) var tail: [UInt8] = []
    private var partial: [UInt8] = []
    static let maximumLineBytes = 8 << 10

    /// Returns the lines that `bytes` complete.
    mutating func add(_ bytes: [UInt8]) -> [String] {
        tail += bytes
        if tail.count > BuildFailure.outputBytes { tail.removeFirst(tail.count - BuildFailure.outputBytes) }
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(take())
            } else {
                partial.append(byte)
                if partial.count == Self.maximumLineBytes { lines.append(take()) }
            }
        }
        return lines
    }

    /// The last line, if it did not end with a line break.
    mutating func finish() -> [String] {
        partial.isEmpty ? [] : [take()]
    }

    private mutating func take() -> String {
        defer { partial.removeAll(keepingCapacity: true) }
        let hasReturn = partial.last == UInt8(ascii: "\r")
        return String(decoding: hasReturn ? partial.dropLast() : partial[...], as: UTF8.self)
    }
}
