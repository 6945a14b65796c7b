/// The first line of a script, read as Linux's execve reads it.
struct Shebang: Hashable {
    /// The interpreter's path, exactly: a carriage return at its end is part of it.
    var interpreter: String
    /// All that follows the interpreter, as the one argument that the kernel makes of it.
    var argument: String?

    /// How far into a file the kernel looks (BINPRM_BUF_SIZE).
    static let kernelPrefix = 256

    /// `nil` when the file does not begin with `#!` and a path.
    init?(fileStart: [UInt8]) {
        guard fileStart.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "!")]) else { return nil }
        let line = fileStart.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
        let words = Self.trim(line)
        let path = words.prefix { !Self.isBlank($0) }
        guard !path.isEmpty else { return nil }
        let rest = Self.trim(words.dropFirst(path.count))
        interpreter = String(decoding: path, as: UTF8.self)
        argument = rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var result = bytes.drop(while: isBlank)
        while let last = result.last, isBlank(last) { result.removeLast() }
        return result
    }
}
