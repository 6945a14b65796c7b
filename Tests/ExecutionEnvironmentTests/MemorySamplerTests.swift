import NIOCore
import Testing

@testable import ExecutionEnvironment

struct MemorySamplerTests {
    /// The time in ms, what a measurement would give, whether one is made, and the peak.
    @Test func measuresSeldomAndRemembersThePeak() {
        let rows: [(time: Int64, measured: Int?, isMeasured: Bool, peak: Int?)] = [
            (0, 5, true, 5), (99, 9, false, 5), (100, 7, true, 7), (150, 100, false, 7), (200, 6, true, 7),
            (300, nil, true, 7), (400, 8, true, 8),
        ]
        var sampler = MemorySampler(MemoryReadings())
        for row in rows {
            var isMeasured = false
            let peak = sampler.peakBytes(at: .uptimeNanoseconds(0) + .milliseconds(row.time)) {
                isMeasured = true
                return row.measured
            }
            #expect(peak == row.peak, "at \(row.time)")
            #expect(isMeasured == row.isMeasured, "at \(row.time)")
        }
    }

    /// Of a hundred that are busy, each is read at least once a second, and hardly more often.
    @Test func manyTogetherAreReadSeldom() {
        let readings = MemoryReadings()
        var samplers = [MemorySampler](repeating: MemorySampler(readings), count: 100)
        var counts = [Int](repeating: 0, count: samplers.count)
        for time in 0..<Int64(10_000) {
            // Each of them ends an invocation every 10 ms.
            for number in samplers.indices where number % 10 == Int(time % 10) {
                _ = samplers[number].peakBytes(at: .uptimeNanoseconds(0) + .milliseconds(time)) {
                    counts[number] += 1
                    return 1
                }
            }
        }
        #expect(counts.allSatisfy { $0 >= 10 })
        // One in 5 ms, and those that were overdue.
        #expect(counts.reduce(0, +) <= 2_000 + 1_000)
    }

    @Test func newProcessesAreMeasuredAtOnce() {
        var sampler = MemorySampler(MemoryReadings())
        #expect(sampler.peakBytes(at: .uptimeNanoseconds(0)) { 9 } == 9)
        sampler.reset()
        #expect(sampler.peakBytes(at: .uptimeNanoseconds(1)) { 3 } == 3)
    }
}
