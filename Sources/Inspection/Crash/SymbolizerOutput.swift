/// Reads what llvm-symbolizer and addr2line print: for each address the frames, innermost first, two lines each.
enum SymbolizerOutput {
    /// More inlining than a reader follows.
    private static let maximumFrames = 64

    /// llvm-symbolizer (LLVM style): an empty line ends each address.
    static func llvm(_ text: String, count: Int) -> [[SourceFrame]] {
        var result: [[SourceFrame]] = []
        var block: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.isEmpty else {
                block.append(line)
                continue
            }
            if !block.isEmpty { result.append(frames(block[...])) }
            block = []
        }
        if !block.isEmpty { result.append(frames(block[...])) }
        // Fewer answers than questions: which belongs to which is not known.
        return result.count == count ? result : []
    }

    /// `addr2line -a -i -f -C`: a line with the address begins each one.
    static func addr2line(_ text: String, count: Int) -> [[SourceFrame]] {
        var result: [[SourceFrame]] = []
        var block: [Substring] = []
        for line in text.split(separator: "\n") {
            if isAddress(line) {
                if !block.isEmpty { result.append(frames(block.dropFirst())) }
                block = [line]
            } else if !block.isEmpty {
                block.append(line)
            }
        }
        if !block.isEmpty { result.append(frames(block.dropFirst())) }
        return result.count == count ? result : []
    }

    private static func isAddress(_ line: Substring) -> Bool {
        line.hasPrefix("0x") && line.count > 2 && line.dropFirst(2).allSatisfy(\.isHexDigit)
    }

    private static func frames(_ lines: ArraySlice<Substring>) -> [SourceFrame] {
        var result: [SourceFrame] = []
        var index = lines.startIndex
        while index + 1 < lines.endIndex, result.count < maximumFrames {
            let (file, line) = place(lines[index + 1])
            let function = lines[index] == "??" ? nil : SymbolName.readable(String(lines[index].prefix(1024)))
            result.append(SourceFrame(function: function, file: file, line: line))
            index += 2
        }
        return result
    }

    /// `/src/main.rs:5:18`, `/src/main.rs:5 (discriminator 2)`, `??:0`, `??:?`.
    private static func place(_ text: Substring) -> (file: String?, line: Int?) {
        var rest = text.prefix(4096)
        if let note = rest.firstRange(of: " (discriminator") { rest = rest[..<note.lowerBound] }
        var numbers: [Int] = []
        while numbers.count < 2, let colon = rest.lastIndex(of: ":") {
            let tail = rest[rest.index(after: colon)...]
            guard tail == "?" || (!tail.isEmpty && tail.count < 10 && tail.allSatisfy(\.isNumber)) else { break }
            numbers.append(Int(tail) ?? 0)
            rest = rest[..<colon]
        }
        guard !rest.isEmpty, !rest.hasPrefix("??") else { return (nil, nil) }
        let line = numbers.last ?? 0
        // Of a function without debug information only the object file's name is known, which may be another's.
        guard line > 0 || rest.contains("/") else { return (nil, nil) }
        return (String(rest), line > 0 ? line : nil)
    }
}
