import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Files and standard input as bytes, bounded.
enum ByteSource {
    /// Reads a file, or standard input for `-`.
    ///
    /// - Parameter limit: reading stops one byte past it, so that the caller can tell; bytes.
    static func read(_ path: String, limit: Int, what: String) throws(ApusError) -> [UInt8] {
        let isStandardInput = path == "-"
        let descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ApusError("file.unreadable", "cannot read the \(what) \(path): \(text(of: errno))")
        }
        defer { if !isStandardInput { close(descriptor) } }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while result.count <= limit {
            let count = systemRead(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                let name = isStandardInput ? "standard input" : path
                throw ApusError("file.unreadable", "cannot read the \(what) \(name): \(text(of: errno))")
            }
            if count == 0 { break }
            result += chunk.prefix(count)
        }
        return result
    }

    /// The system's words for an errno.
    static func text(of code: Int32) -> String {
        String(cString: strerror(code))
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: inout [UInt8], _ count: Int) -> Int {
    read(descriptor, &buffer, count)
}
