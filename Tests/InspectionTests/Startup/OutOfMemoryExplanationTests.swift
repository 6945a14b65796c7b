import LambdaModel
import Testing

@testable import Inspection

struct OutOfMemoryExplanationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var title: String
        var held: Int
        var wanted: Int?
        var isRuntime = true
        var memorySize = 128
        var lines: [String]
        var testDescription: String { title }
    }

    private static let rows = [
        Row(
            title: "what it had asked for",
            held: 137,
            wanted: 401,
            lines: [
                "the function was killed: together its processes held 137 MB, more than the 128 MB of MemorySize; "
                    + "it had asked for 401 MB",
                "fix: let it use less, or raise MemorySize (--memory) above 401 MB",
            ]
        ),
        Row(
            title: "no more than it held",
            held: 137,
            wanted: 40,
            lines: [
                "the function was killed: together its processes held 137 MB, more than the 128 MB of MemorySize",
                "fix: let it use less, or raise MemorySize (--memory) above 137 MB",
            ]
        ),
        Row(
            title: "killed before anybody could look",
            held: 0,
            wanted: nil,
            lines: [
                "the function was killed: its processes had used up the 128 MB of MemorySize",
                "fix: let it use less, or raise MemorySize (--memory) above 128 MB",
            ]
        ),
        Row(
            title: "a child of it",
            held: 137,
            wanted: nil,
            isRuntime: false,
            lines: [
                "a process that the function had started was killed: together its processes held 137 MB, "
                    + "more than the 128 MB of MemorySize",
                "fix: let it use less, or raise MemorySize (--memory) above 137 MB",
            ]
        ),
        Row(
            title: "more than Lambda has",
            held: 137,
            wanted: 20_000,
            lines: [
                "the function was killed: together its processes held 137 MB, more than the 128 MB of MemorySize; "
                    + "it had asked for 20000 MB",
                "fix: let it use less: Lambda has 10240 MB at most",
            ]
        ),
        Row(
            title: "all that Lambda has",
            held: 0,
            wanted: nil,
            memorySize: 10_240,
            lines: [
                "the function was killed: its processes had used up the 10240 MB of MemorySize",
                "fix: let it use less: Lambda has no more",
            ]
        ),
    ]

    @Test(arguments: rows)
    func tellsWhatWasHeldAndWanted(_ row: Row) {
        let facts = OutOfMemory(heldBytes: row.held << 20, wantedBytes: row.wanted.map { $0 << 20 })
        let lines = OutOfMemoryExplanation.explain(facts, isRuntime: row.isRuntime, memorySize: row.memorySize)
        #expect(lines == row.lines)
    }
}
