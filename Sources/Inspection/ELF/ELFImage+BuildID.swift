extension ELFImage {
    /// What the linker has made of the file's content to tell builds apart (`NT_GNU_BUILD_ID`); `nil` where it was not
    /// asked to. At most 64 bytes.
    package var buildID: [UInt8]? {
        for segment in segments where segment.kind == .note {
            guard let range = ELFBytes(bytes).range(at: segment.fileOffset, count: segment.fileSize) else { continue }
            if let identifier = buildID(inNotes: range) { return identifier }
        }
        return nil
    }

    /// A note: lengths of name and content, type, then both, each padded to four bytes (gABI, "Note Section"). The notes
    /// that are padded to eight stand in a segment of their own.
    private func buildID(inNotes range: Range<Int>) -> [UInt8]? {
        var offset = range.lowerBound
        for _ in 0..<100 {
            guard let nameSize = integer(at: offset, as: UInt32.self),
                let size = integer(at: offset + 4, as: UInt32.self),
                let type = integer(at: offset + 8, as: UInt32.self)
            else { return nil }
            let start = offset + 12 + Self.padded(nameSize)
            let end = start + Int(size)
            guard end <= range.upperBound else { return nil }
            if type == 3, nameSize == 4, bytes[(offset + 12)..<(offset + 16)].elementsEqual("GNU\0".utf8) {
                return size <= 64 ? Array(bytes[start..<end]) : nil
            }
            offset = start + Self.padded(size)
        }
        return nil
    }

    private static func padded(_ size: UInt32) -> Int { (Int(size) + 3) & ~3 }
}
