import NIOCore

/// Peak memory of an environment's processes, read at most every 100 ms, and at least once a second while there are
/// invocations: a read costs from 40 µs upwards, and an invocation not much more.
struct MemorySampler {
    private static let shortestInterval = TimeAmount.milliseconds(100)
    private static let longestInterval = TimeAmount.seconds(1)
    private let readings: MemoryReadings
    private var sampled: (time: NIODeadline, bytes: Int?)?

    /// - Parameter readings: those of other environments too.
    init(_ readings: MemoryReadings) {
        self.readings = readings
    }

    /// The peak so far, in bytes; asks `measure` when the last figure is old.
    mutating func peakBytes(at now: NIODeadline, measure: () -> Int?) -> Int? {
        if let sampled, !isDue(at: now, after: sampled.time) { return sampled.bytes }
        let bytes = [measure(), sampled?.bytes].compactMap(\.self).max()
        sampled = (now, bytes)
        readings.read(at: now)
        return bytes
    }

    /// Other processes have taken the place of those that were measured.
    mutating func reset() { sampled = nil }

    private func isDue(at now: NIODeadline, after last: NIODeadline) -> Bool {
        let age = now - last
        if age >= Self.longestInterval { return true }
        return age >= Self.shortestInterval && readings.mayFollow(at: now)
    }
}
