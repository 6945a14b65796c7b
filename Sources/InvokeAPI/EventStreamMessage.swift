import NIOCore

/// A message of the binary event stream in which `InvokeWithResponseStream` answers.
///
/// Source: AWS SDK documentation, "Event stream encoding" (application/vnd.amazon.eventstream): two lengths and a CRC of them, the
/// headers, the payload, and a CRC of everything before; big-endian; header values of type 7 are strings.
struct EventStreamMessage {
    var headers: [(name: String, value: String)]
    var payload: ByteBuffer

    /// An event of the operation's.
    init(event: String, contentType: String, payload: ByteBuffer) {
        headers = [
            (":event-type", event), (":content-type", contentType), (":message-type", "event"),
        ]
        self.payload = payload
    }

    var encoded: ByteBuffer {
        var fields = ByteBuffer()
        for (name, value) in headers {
            fields.writeInteger(UInt8(truncatingIfNeeded: name.utf8.count))
            fields.writeString(name)
            fields.writeInteger(UInt8(7))
            fields.writeInteger(UInt16(truncatingIfNeeded: value.utf8.count))
            fields.writeString(value)
        }
        var result = ByteBuffer()
        let total = 12 + fields.readableBytes + payload.readableBytes + 4
        result.reserveCapacity(total)
        result.writeInteger(UInt32(total))
        result.writeInteger(UInt32(fields.readableBytes))
        result.writeInteger(CRC32.of(result.readableBytesView))
        result.writeImmutableBuffer(fields)
        result.writeImmutableBuffer(payload)
        result.writeInteger(CRC32.of(result.readableBytesView))
        return result
    }
}

/// The checksum of zip, Ethernet and the event stream (ISO 3309).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    }
}
