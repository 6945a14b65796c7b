import NIOCore

/// One timer whose deadline moves with every invocation, at the cost of a scheduled task only when the earlier one has
/// fired: deadlines nearly always move forward.
struct DeadlineTimer {
    private var deadline: NIODeadline?
    private var scheduled: Scheduled<Void>?
    private var scheduledFor: NIODeadline?
    private var schedule: ((NIODeadline) -> Scheduled<Void>)?

    /// Replaces the deadline. `fire` may come early; see ``isDue(at:)``.
    mutating func set(_ deadline: NIODeadline, on eventLoop: any EventLoop, fire: @escaping @Sendable () -> Void) {
        self.deadline = deadline
        if let scheduledFor, scheduledFor <= deadline { return }
        scheduled?.cancel()
        schedule = { eventLoop.scheduleTask(deadline: $0, fire) }
        rearm()
    }

    /// Whether the deadline has come; otherwise the firing was that of an earlier deadline.
    func isDue(at now: NIODeadline) -> Bool {
        deadline.map { $0 <= now } ?? false
    }

    /// Schedules for the present deadline, if there is one.
    mutating func rearm() {
        scheduledFor = deadline
        scheduled = deadline.flatMap { schedule?($0) }
    }

    /// The deadline has come and been acted upon: nothing is scheduled any more.
    mutating func fired() {
        deadline = nil
        scheduledFor = nil
        scheduled = nil
    }

    /// No deadline any more. The scheduled task stays for the next one; it holds nothing but the environment.
    mutating func clear() {
        deadline = nil
    }

    /// Ends the scheduled task too.
    mutating func cancel() {
        deadline = nil
        scheduledFor = nil
        scheduled?.cancel()
        scheduled = nil
        schedule = nil
    }
}
