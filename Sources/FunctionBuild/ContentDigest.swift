import Crypto
import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// SHA-256 over fields that cannot run into each other: each goes in with its length.
struct ContentDigest {
    private var hash = SHA256()

    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        }
    }

    /// The digest in lower-case hexadecimal.
    func finished() -> String {
        Self.hexadecimal(hash.finalize())
    }

    /// The digest of one text.
    static func text(_ text: String) -> String {
        var digest = ContentDigest()
        digest.add(text)
        return digest.finished()
    }

    /// The digest of a file's contents.
    static func file(_ path: String) throws(ApusError) -> String {
        let file = try OpenFile(path, O_RDONLY | O_NONBLOCK, "cannot read")
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var hash = SHA256()
        while true {
            guard !Task.isCancelled else { throw ApusError(.buildCancelled, "cancelled") }
            let count = try file.read(into: buffer, path)
            guard count > 0 else { return hexadecimal(hash.finalize()) }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private static func hexadecimal(_ digest: SHA256.Digest) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
