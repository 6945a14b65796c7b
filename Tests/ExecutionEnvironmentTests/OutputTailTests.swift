import NIOCore
import Testing

@testable import ExecutionEnvironment

struct OutputTailTests {
    @Test(arguments: [1, 7, 100, OutputTail.limit - 1, OutputTail.limit, OutputTail.limit + 1, 3 * OutputTail.limit])
    func keepsTheLastBytesHoweverTheyCome(size: Int) {
        let all = (0..<5 * OutputTail.limit).map { UInt8(ascii: "a") + UInt8($0 % 23) }
        var tail = OutputTail()
        var rest = all[...]
        while !rest.isEmpty {
            tail.append(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        #expect(Array(tail.text.utf8) == all.suffix(OutputTail.limit))
    }

    @Test func aShortOutputIsWhole() {
        var tail = OutputTail()
        #expect(tail.text.isEmpty)
        tail.append(ByteBuffer(string: "one\n"))
        tail.append(ByteBuffer())
        tail.append(ByteBuffer(string: "two"))
        #expect(tail.text == "one\ntwo")
    }
}
