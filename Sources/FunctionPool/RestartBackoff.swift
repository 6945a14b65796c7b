import NIOCore

/// How long to wait before environments that should be there are made anew: not at all the first time, then ever longer, so
/// that a function that cannot start costs little.
struct RestartBackoff {
    private(set) var failures = 0

    static let longest = TimeAmount.seconds(60)

    mutating func nextDelay() -> TimeAmount {
        defer { failures += 1 }
        guard failures > 0 else { return .zero }
        return min(.seconds(1 << min(Int64(failures) - 1, 6)), Self.longest)
    }

    /// One has started.
    mutating func succeeded() { failures = 0 }
}
