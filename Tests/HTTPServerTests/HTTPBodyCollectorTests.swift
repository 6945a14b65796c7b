import NIOCore
import Testing

@testable import HTTPServer

struct HTTPBodyCollectorTests {
    struct Row: Sendable {
        var announced: Int?
        var pieces: [String]
        /// `nil` for too large.
        var body: String?
        var size: Int
    }

    @Test(arguments: [
        Row(announced: nil, pieces: [], body: "", size: 0),
        Row(announced: 0, pieces: [], body: "", size: 0),
        Row(announced: nil, pieces: ["ab", "cd"], body: "abcd", size: 4),
        Row(announced: 4, pieces: ["abcd"], body: "abcd", size: 4),
        Row(announced: 4, pieces: ["a", "", "bcd"], body: "abcd", size: 4),
        Row(announced: 8, pieces: ["abcd", "efgh"], body: "abcdefgh", size: 8),
        Row(announced: nil, pieces: ["abcdefgh"], body: "abcdefgh", size: 8),
        Row(announced: nil, pieces: ["abcdefgh", "i"], body: nil, size: 9),
        Row(announced: nil, pieces: ["abcdefghi", "j"], body: nil, size: 10),
        Row(announced: 9, pieces: [], body: nil, size: 9),
        Row(announced: .max, pieces: ["a"], body: nil, size: .max),
    ])
    func gathersUpToEightBytes(row: Row) {
        var collector = HTTPBodyCollector(limit: 8, announced: row.announced)
        for piece in row.pieces { collector.append(ByteBuffer(string: piece)) }
        #expect(collector.isTooLarge == (row.body == nil))
        #expect(collector.size == max(row.size, row.announced ?? 0))
        if let body = row.body { #expect(String(buffer: collector.body()) == body) }
    }

    @Test func anAnnouncementAloneReservesLittle() {
        var collector = HTTPBodyCollector(limit: 1 << 40, announced: 1 << 40)
        collector.append(ByteBuffer(string: "a"))
        #expect(collector.body().capacity <= 2 * HTTPBodyCollector.maximumReservation)
    }
}
