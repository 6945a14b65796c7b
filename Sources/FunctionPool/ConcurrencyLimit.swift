import DequeModule

/// How many invocations may run at the same time over several pools: an account's limit. Belongs to the pools' event loop.
package final class ConcurrencyLimit {
    package let limit: Int
    package private(set) var running = 0
    /// Those who wait for room, first come first served.
    private var waiting = Deque<() -> Void>()

    package init(_ limit: Int) {
        self.limit = limit
    }

    package var hasRoom: Bool { running < limit }

    /// Calls back once when there is room.
    func whenRoom(_ action: @escaping () -> Void) {
        waiting.append(action)
    }

    func began() { running += 1 }

    func ended() {
        running -= 1
        if hasRoom, let next = waiting.popFirst() { next() }
    }
}
