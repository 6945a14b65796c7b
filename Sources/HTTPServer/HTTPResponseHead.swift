import NIOCore

/// A response's status line and header fields, rendered straight into the bytes that go out.
///
/// Measured on prototypes: 66–77 µs of CPU time an invocation so, 81–88 µs with NIO's head, headers and encoder.
package struct HTTPResponseHead: ~Copyable {
    var buffer: ByteBuffer

    init(_ status: HTTPStatus, into buffer: ByteBuffer) {
        self.buffer = buffer
        self.buffer.writeStaticString(status.line)
    }

    /// The last chunk of a chunked body; trailer fields may follow.
    init(lastChunkInto buffer: ByteBuffer) {
        self.buffer = buffer
        self.buffer.writeStaticString("0\r\n")
    }

    /// Adds a field. A value's CR, LF and NUL become spaces: no value may start a field of its own.
    package mutating func add(_ name: StaticString, _ value: String) {
        buffer.writeStaticString(name)
        buffer.writeStaticString(": ")
        if Self.isPlain(value) {
            buffer.writeString(value)
        } else {
            buffer.writeBytes(value.utf8.map { $0 == 0x0D || $0 == 0x0A || $0 == 0 ? 0x20 : $0 })
        }
        buffer.writeStaticString("\r\n")
    }

    /// Whether there is nothing to replace. On the hot path, hence the plain loop over contiguous bytes.
    private static func isPlain(_ value: String) -> Bool {
        let isPlain = value.utf8.withContiguousStorageIfAvailable { bytes in
            for byte in bytes where byte < 0x20 && byte != 0x09 { return false }
            return true
        }
        return isPlain ?? value.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x09 }
    }

    /// Adds a field with a fixed value.
    package mutating func add(_ name: StaticString, fixed value: StaticString) {
        buffer.writeStaticString(name)
        buffer.writeStaticString(": ")
        buffer.writeStaticString(value)
        buffer.writeStaticString("\r\n")
    }

    /// Adds a field with a decimal value.
    package mutating func add(_ name: StaticString, _ value: Int) {
        buffer.writeStaticString(name)
        buffer.writeStaticString(": ")
        buffer.writeString(String(value))
        buffer.writeStaticString("\r\n")
    }

    mutating func end() {
        buffer.writeStaticString("\r\n")
    }
}
