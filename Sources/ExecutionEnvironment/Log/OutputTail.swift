import NIOCore

/// The last of what the processes have written: runtimes print why they give up right before they do.
struct OutputTail {
    /// In bytes.
    static let limit = 8 * 1024
    private var bytes: [UInt8] = []

    mutating func append(_ output: ByteBuffer) {
        let added = output.readableBytesView.suffix(Self.limit)
        // Cut only now and then, so that a byte is moved once or twice.
        if bytes.count + added.count > 2 * Self.limit {
            bytes.removeFirst(min(bytes.count, bytes.count + added.count - Self.limit))
        }
        bytes.append(contentsOf: added)
    }

    /// At most ``limit`` bytes; what is not UTF-8 becomes U+FFFD.
    var text: String { String(decoding: bytes.suffix(Self.limit), as: UTF8.self) }
}
