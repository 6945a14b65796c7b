import NIOCore

/// One timer whose deadline moves with every invocation, at the cost of a scheduled task only when the earlier one has
/// fired: deadlines nearly always move forward. Belongs to its event loop.
final class DeadlineTimer {
    private let eventLoop: any EventLoop
    private let now: () -> NIODeadline
    /// Called when the present deadline has come, with the time.
    var onFire: ((NIODeadline) -> Void)?

    private var deadline: NIODeadline?
    private var scheduled: Scheduled<Void>?
    private var scheduledFor: NIODeadline?

    init(on eventLoop: any EventLoop, now: @escaping () -> NIODeadline) {
        self.eventLoop = eventLoop
        self.now = now
    }

    /// Replaces the deadline.
    func set(_ deadline: NIODeadline) {
        self.deadline = deadline
        if let scheduledFor, scheduledFor <= deadline { return }
        scheduled?.cancel()
        schedule(deadline)
    }

    private func schedule(_ deadline: NIODeadline) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        scheduledFor = deadline
        scheduled = eventLoop.scheduleTask(deadline: deadline) { bound.value.wake() }
    }

    /// Perhaps too early: for a deadline that has been replaced or cleared since.
    private func wake() {
        scheduledFor = nil
        scheduled = nil
        guard let deadline else { return }
        let now = now()
        guard deadline <= now else { return schedule(deadline) }
        self.deadline = nil
        onFire?(now)
    }

    /// No deadline any more. The scheduled task stays for the next one; it holds nothing but the timer.
    func clear() {
        deadline = nil
    }

    /// Ends the scheduled task too.
    func cancel() {
        deadline = nil
        scheduledFor = nil
        scheduled?.cancel()
        scheduled = nil
    }
}
