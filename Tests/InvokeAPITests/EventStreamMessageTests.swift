import NIOCore
import Testing

@testable import InvokeAPI

struct EventStreamMessageTests {
    /// The check value of the algorithm's catalogue.
    @Test func checksum() {
        #expect(CRC32.of("123456789".utf8) == 0xCBF4_3926)
        #expect(CRC32.of([]) == 0)
    }

    @Test func lengthsAndChecksumsHoldTogether() throws {
        let message = EventStreamMessage(
            event: "PayloadChunk",
            contentType: "application/octet-stream",
            payload: ByteBuffer(string: "hello")
        )
        var bytes = message.encoded
        let all = Array(bytes.readableBytesView)
        let (readTotal, readHeaders) = (bytes.readInteger(as: UInt32.self), bytes.readInteger(as: UInt32.self))
        let (total, headers) = (try #require(readTotal), try #require(readHeaders))
        #expect(Int(total) == all.count)
        #expect(bytes.readInteger(as: UInt32.self) == CRC32.of(all[0..<8]))
        let slice = bytes.readSlice(length: Int(headers))
        let fields = try #require(slice)
        #expect(String(buffer: fields).contains("PayloadChunk"))
        #expect(bytes.readString(length: 5) == "hello")
        #expect(bytes.readInteger(as: UInt32.self) == CRC32.of(all.dropLast(4)))
        #expect(bytes.readableBytes == 0)
    }
}
