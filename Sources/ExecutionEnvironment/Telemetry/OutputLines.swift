import NIOCore

/// Cuts the output of processes into lines. A line that is too long is cut, also within a character, so that it costs
/// bounded memory.
struct OutputLines {
    /// Of a line, in bytes.
    static let maximumLength = 262_144

    /// The beginning of a line.
    private var partial: [UInt8] = []

    /// Returns the lines that have become complete, without their line feeds.
    mutating func append(_ output: ByteBuffer) -> [String] {
        var lines: [String] = []
        var rest = output.readableBytesView[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            add(rest[..<end], to: &lines)
            lines.append(take())
            rest = rest[(end + 1)...]
        }
        add(rest, to: &lines)
        return lines
    }

    /// There is no more output for now: what has no end yet is a line.
    mutating func end() -> String? {
        partial.isEmpty ? nil : take()
    }

    private mutating func add(_ bytes: ByteBufferView.SubSequence, to lines: inout [String]) {
        var bytes = bytes
        while partial.count + bytes.count > Self.maximumLength {
            let room = Self.maximumLength - partial.count
            partial.append(contentsOf: bytes.prefix(room))
            bytes = bytes.dropFirst(room)
            lines.append(take())
        }
        partial.append(contentsOf: bytes)
    }

    /// What is not UTF-8 becomes U+FFFD.
    private mutating func take() -> String {
        defer { partial.removeAll(keepingCapacity: partial.capacity <= 4096) }
        return String(decoding: partial, as: UTF8.self)
    }
}
