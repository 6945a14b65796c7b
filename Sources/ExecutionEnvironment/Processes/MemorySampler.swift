import NIOCore

/// Peak memory of an environment's processes, read at most every 100 ms: a read costs about 40 µs, and an invocation
/// not much more.
struct MemorySampler {
    private static let interval = TimeAmount.milliseconds(100)
    private var sampled: (time: NIODeadline, bytes: Int?)?

    /// The peak so far, in bytes; asks `measure` when the last figure is old.
    mutating func peakBytes(at now: NIODeadline, measure: () -> Int?) -> Int? {
        if let sampled, now - sampled.time < Self.interval { return sampled.bytes }
        let bytes = [measure(), sampled?.bytes].compactMap(\.self).max()
        sampled = (now, bytes)
        return bytes
    }
}
