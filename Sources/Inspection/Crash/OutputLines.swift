/// The lines of a log's end, for reading what a runtime wrote.
enum OutputLines {
    /// The last lines of the last `CrashContext.usefulTail` bytes, without `\r`; each cut to 1,024 bytes.
    static func last(_ count: Int, of output: String) -> [String] {
        output.utf8.suffix(CrashContext.usefulTail)
            .split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
            .suffix(count)
            .map { String(decoding: $0.prefix(1024), as: UTF8.self) }
    }
}
