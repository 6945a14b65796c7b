internal import CZydis
internal import Dispatch
internal import Synchronization

/// Decodes functions without their operands, on all CPUs of the machine, and keeps the events.
enum X86Sweep {
    /// What the functions of one stretch hold, one after the other.
    struct Result: Sendable {
        var events: [X86Event] = []
        /// For each function the number of its events.
        var counts: [Int] = []
    }

    /// Instructions that one call of the decoder may give back; 300 kB.
    private static let batch = 4096

    /// The events of functions, in the same order; each entry is for the stretch of `functions` with the same number.
    static func run(_ image: X86Image, _ functions: [X86Function]) -> [Result] {
        let stretches = stretches(of: functions)
        let results = ResultStore(count: stretches.count)
        DispatchQueue.concurrentPerform(iterations: stretches.count) { index in
            results.set(index, sweep(image, functions[stretches[index]]))
        }
        return results.all
    }

    /// One after the other, for the few functions of a gap.
    static func events(_ image: X86Image, _ function: X86Function) -> [X86Event] {
        sweep(image, [function]).events
    }

    /// About 256 kB of code each, so that no CPU waits long for the last one.
    private static func stretches(of functions: [X86Function]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var first = 0
        var size: UInt64 = 0
        for (index, function) in functions.enumerated() {
            size &+= function.end &- function.start
            if size >= 256 << 10 {
                result.append(first..<index + 1)
                first = index + 1
                size = 0
            }
        }
        if first < functions.count { result.append(first..<functions.count) }
        return result
    }

    private static func sweep(_ image: X86Image, _ functions: ArraySlice<X86Function>) -> Result {
        var result = Result()
        result.counts.reserveCapacity(functions.count)
        withUnsafeTemporaryAllocation(of: X86Instruction.self, capacity: batch) { buffer in
            for function in functions {
                let before = result.events.count
                sweep(image, function, buffer, &result.events)
                result.counts.append(result.events.count - before)
            }
        }
        return result
    }

    private static func sweep(
        _ image: X86Image,
        _ function: X86Function,
        _ buffer: UnsafeMutableBufferPointer<X86Instruction>,
        _ events: inout [X86Event]
    ) {
        guard let count = Int(exactly: function.end &- function.start),
            let range = image.file.fileRange(ofAddress: function.start, count: count)
        else { return }
        var features: UInt64 = 0
        image.file.bytes.withUnsafeBufferPointer { bytes in
            let code = UnsafeBufferPointer(rebasing: bytes[range])
            var position = 0
            while position < code.count, let base = code.baseAddress {
                var consumed = 0
                let found = apus_x86_sweep(
                    base + position,
                    code.count - position,
                    function.start &+ UInt64(position),
                    function.start,
                    function.end,
                    image.extent.lowerBound,
                    image.extent.upperBound,
                    image.isFixed,
                    buffer.baseAddress,
                    buffer.count,
                    &consumed
                )
                for instruction in buffer.prefix(found) {
                    X86Event.append(instruction, in: function, image: image, features: &features, to: &events)
                }
                guard consumed > 0 else { break }
                position += consumed
            }
        }
    }
}

/// Results of parallel work by number.
private final class ResultStore: Sendable {
    private let storage: Mutex<[X86Sweep.Result]>

    init(count: Int) {
        storage = Mutex(Array(repeating: X86Sweep.Result(), count: count))
    }

    func set(_ index: Int, _ result: X86Sweep.Result) {
        storage.withLock { $0[index] = result }
    }

    var all: [X86Sweep.Result] { storage.withLock { $0 } }
}
