import NIOCore

/// When the memory of any environment was read last: of many environments under load, each on its own would read so often
/// that the server does little else. Belongs to their event loop.
///
/// Measured with 256 callers of 256 environments on two cores: see "Load" in docs/performance.md.
package final class MemoryReadings {
    /// Readings of all environments together are this far apart, apart from those that are overdue.
    private static let gap = TimeAmount.milliseconds(5)
    private var last: NIODeadline?

    package init() {}

    func mayFollow(at now: NIODeadline) -> Bool { last.map { now - $0 >= Self.gap } ?? true }

    func read(at now: NIODeadline) { last = now }
}
