import NIOCore

/// One time limit that stands still while its other side is frozen, and begins anew after that.
final class PausableTimeout {
    private let eventLoop: any EventLoop
    private let limit: TimeAmount
    private var onExpiry: (() -> Void)?
    private var scheduled: Scheduled<Void>?
    private var isPaused = false

    init(eventLoop: any EventLoop, limit: TimeAmount) {
        self.eventLoop = eventLoop
        self.limit = limit
    }

    /// Replaces what was running.
    func start(_ onExpiry: @escaping () -> Void) {
        stop()
        self.onExpiry = onExpiry
        schedule()
    }

    func stop() {
        onExpiry = nil
        scheduled?.cancel()
        scheduled = nil
    }

    func pause() {
        isPaused = true
        scheduled?.cancel()
        scheduled = nil
    }

    func resume() {
        guard isPaused else { return }
        isPaused = false
        schedule()
    }

    private func schedule() {
        guard !isPaused, onExpiry != nil else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        scheduled = eventLoop.scheduleTask(in: limit) { bound.value.expire() }
    }

    private func expire() {
        let expired = onExpiry
        stop()
        expired?()
    }
}
