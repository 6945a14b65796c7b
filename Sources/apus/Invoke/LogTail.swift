import NIOCore

/// The last few kilobytes of a log.
struct LogTail: Sendable {
    /// Bytes that are kept at least.
    static let bytes = 8 * 1024
    private var kept = ByteBuffer()

    mutating func append(_ bytes: ByteBuffer) {
        kept.writeImmutableBuffer(bytes)
        guard kept.readableBytes > 4 * Self.bytes else { return }
        kept.moveReaderIndex(forwardBy: kept.readableBytes - Self.bytes)
        kept.discardReadBytes()
    }

    /// As text; what is not UTF-8 is repaired.
    var text: String { String(buffer: kept) }
}
