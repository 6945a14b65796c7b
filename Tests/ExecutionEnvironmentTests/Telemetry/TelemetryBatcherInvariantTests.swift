import NIOCore
import Testing

@testable import ExecutionEnvironment

struct TelemetryBatcherInvariantTests {
    /// Events of every size against every course of the sending: what is held stays within twice the bytes of a batch
    /// and one event, every event is delivered once and in order or counted as dropped.
    @Test(arguments: 0..<50)
    func holdsBoundedMemoryAndLosesNothingUnseen(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        var script = BatcherScript()
        var expected: [String] = []
        var delivered: [String] = []
        var onItsWay: [String]?
        func note(_ actions: [String]) {
            for action in actions where action.hasPrefix("send ") {
                #expect(onItsWay == nil)
                onItsWay = action.split(separator: " ").dropFirst().map(String.init)
            }
        }
        for number in 0..<500 {
            let length = Int(random.next() % 15) + 4
            let text = "\(number)".padded(to: length)
            expected.append(text)
            note(script.run([.add(text)]))
            #expect(script.batcher.heldBytes <= 2 * 10 + 18)
            switch random.next() % 8 {
            case 0: note(script.run([.pass(120), .timer]))
            case 1 where onItsWay != nil:
                onItsWay = nil
                note(script.run([.failed]))
            case 2, 3, 4:
                guard let batch = onItsWay else { break }
                delivered += batch
                onItsWay = nil
                note(script.run([.sent]))
            default: break
            }
        }
        note(script.run([.flush]))
        while let batch = onItsWay {
            delivered += batch
            onItsWay = nil
            note(script.run([.sent]))
        }
        // Each event, and each gap in its place.
        var position = 0
        for text in delivered {
            guard text.first == "!" else {
                #expect(position < expected.count && expected[position] == text)
                position += 1
                continue
            }
            let parts = text.dropFirst().split(separator: "/").compactMap { Int($0) }
            let gap = expected[position..<min(position + parts[0], expected.count)]
            #expect(gap.reduce(0) { $0 + $1.utf8.count } == parts[1])
            position += parts[0]
        }
        #expect(position == expected.count)
    }
}

extension String {
    fileprivate func padded(to length: Int) -> String {
        self + String(repeating: "x", count: max(0, length - utf8.count))
    }
}

/// Repeatable randomness (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
