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
        var sampler = MemorySampler()
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
}
