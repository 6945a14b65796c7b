import Dispatch
import Synchronization

/// What happened on another thread, in order, for a test to wait for.
final class Events<Event: Sendable>: Sendable {
    private let queue = Mutex<[Event]>([])
    private let count = DispatchSemaphore(value: 0)

    func add(_ event: Event) {
        queue.withLock { $0.append(event) }
        count.signal()
    }

    /// The next one; `nil` when none comes within ten seconds.
    func next() -> Event? {
        guard count.wait(timeout: .now() + 10) == .success else { return nil }
        return queue.withLock { $0.removeFirst() }
    }
}
