/// The first line of a script, with what is commonly wrong with it.
package struct ScriptHeader: Sendable, Hashable {
    /// A UTF-8 byte order mark before anything else: the kernel then sees no `#!`.
    package var hasByteOrderMark: Bool
    /// The interpreter exactly as the kernel reads it, a carriage return at its end included; `nil` without `#!`.
    package var interpreter: String?
    /// The rest of the line: one argument.
    package var argument: String?
    /// Whether the interpreter's path does not end where the kernel stops to read: then it refuses the file.
    package var isCutOff = false

    /// How far the kernel reads (BINPRM_BUF_SIZE).
    private static let kernelPrefix = 256
    private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    /// What is enough of a file to read its first line: the kernel's part, and the mark.
    package static let longestPrefix = kernelPrefix + 3

    package init(fileStart: [UInt8]) {
        hasByteOrderMark = fileStart.starts(with: Self.mark)
        let text = fileStart.dropFirst(hasByteOrderMark ? Self.mark.count : 0).prefix(Self.kernelPrefix)
        guard text.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "!")]) else { return }
        let line = text.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }.drop(while: Self.isBlank)
        let path = line.prefix { !Self.isBlank($0) }
        interpreter = String(decoding: path, as: UTF8.self)
        isCutOff = !path.isEmpty && path.endIndex == text.endIndex && text.count == Self.kernelPrefix
        var rest = line.dropFirst(path.count).drop(while: Self.isBlank)
        while let last = rest.last, Self.isBlank(last) { rest.removeLast() }
        argument = rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
    }

    /// Whether the line ends as Windows writes it.
    package var hasCarriageReturn: Bool {
        (argument ?? interpreter)?.utf8.last == UInt8(ascii: "\r")
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
