import NIOCore

/// Waits until some subscribers have got everything, or time is up; calls back once.
final class TelemetryFlush {
    private var waiting: Set<ObjectIdentifier>
    private var completion: (() -> Void)?
    private var timeout: Scheduled<Void>?

    init(waitsFor subscribers: [TelemetrySubscriber], completion: @escaping () -> Void) {
        waiting = Set(subscribers.map { ObjectIdentifier($0) })
        self.completion = completion
    }

    var isOver: Bool { completion == nil }

    func limit(to time: TimeAmount, on eventLoop: any EventLoop) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timeout = eventLoop.scheduleTask(in: time) { bound.value.end() }
    }

    func flushed(_ subscriber: TelemetrySubscriber) {
        waiting.remove(ObjectIdentifier(subscriber))
        if waiting.isEmpty { end() }
    }

    /// Calls back, if that has not been done.
    func end() {
        timeout?.cancel()
        timeout = nil
        let completion = completion
        self.completion = nil
        completion?()
    }
}
