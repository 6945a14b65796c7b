#if os(Linux)

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Small files of /proc.
enum ProcFile {
    /// The first 16 KB, enough for most files read here; `nil` when it cannot be read.
    static func read(_ path: String, atMost limit: Int = 16_384) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            while count < buffer.count, let base = buffer.baseAddress {
                let got = readBytes(descriptor, base + count, buffer.count - count)
                if got < 0 { failed = true }
                if got <= 0 { break }
                count += got
            }
        }
        return failed ? nil : bytes
    }

    /// The decimal number that follows a label and blanks.
    static func number(after label: String, in text: [UInt8]) -> Int? {
        let label = Array(label.utf8)
        guard text.count > label.count else { return nil }
        for start in 0..<(text.count - label.count) where text[start] == label[0] {
            if text[start..<start + label.count].elementsEqual(label) {
                return numbers(in: text[(start + label.count)...].prefix { $0 != UInt8(ascii: "\n") }).first
            }
        }
        return nil
    }

    /// All decimal numbers of a text.
    static func numbers(in text: some Sequence<UInt8>) -> [Int] {
        var result: [Int] = []
        var current: Int?
        for byte in text {
            if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                current = (current ?? 0) &* 10 &+ Int(byte - UInt8(ascii: "0"))
            } else if let number = current {
                result.append(number)
                current = nil
            }
        }
        if let number = current { result.append(number) }
        return result
    }
}

/// `read` under a name that the function above does not hide.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

#endif
