import NIOCore

/// When something is reported, by both clocks, so that a monotonic time can be told as one of the wall clock.
struct PlatformMoment {
    let epochMilliseconds: Int64
    let now: NIODeadline

    init(epochMilliseconds: Int64, now: NIODeadline) {
        self.epochMilliseconds = epochMilliseconds
        self.now = now
    }

    init(_ clock: EnvironmentClock) {
        self.init(epochMilliseconds: clock.epochMilliseconds(), now: clock.now())
    }

    /// ISO 8601.
    var text: String { WallClock.iso8601(epochMilliseconds: epochMilliseconds) }

    /// ISO 8601 of an earlier moment.
    func text(of time: NIODeadline) -> String {
        WallClock.iso8601(epochMilliseconds: epochMilliseconds - (now - time).nanoseconds / 1_000_000)
    }
}
