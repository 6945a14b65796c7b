import DequeModule

/// How many invocations may run at the same time over several pools: an account's limit, or what is reserved for one
/// function. Belongs to the pools' event loop.
///
/// A limit may have a parent, which bounds it too; each invocation counts in all of them. Whoever finds no room may wait in
/// line; each one in the line lets one invocation begin and goes to the end, and a limit stands in its parent's line as one:
/// a function with a thousand invocations that wait takes turns with another that has one.
package final class ConcurrencyLimit {
    /// Invocations at the same time; with 0 none ever begins.
    package private(set) var limit: Int
    /// May be above the limit for a while, when that has been lowered.
    package private(set) var running = 0
    package let parent: ConcurrencyLimit?
    /// Those who wait for room, first come first served.
    private var line = Deque<() -> Void>()
    /// Stands in the parent's line.
    private var isInLine = false

    package init(_ limit: Int, parent: ConcurrencyLimit? = nil) {
        self.limit = limit
        self.parent = parent
    }

    /// Whether one more may begin now, here and in every parent, without overtaking anybody in line.
    package var hasRoom: Bool { running < limit && line.isEmpty && parent?.hasRoom ?? true }

    /// Nothing can begin, however long it waits.
    package var isClosed: Bool { limit <= 0 || parent?.isClosed ?? false }

    /// Changes the limit. A higher one lets those who wait begin; under a lower one what runs goes on to its end.
    package func setLimit(_ limit: Int) {
        self.limit = limit
        // They are to be told that they wait in vain.
        while self.limit <= 0, let next = line.popFirst() { next() }
        giveOut()
    }

    /// As ``hasRoom``, for one that was here before those in line.
    var hasPlace: Bool { running < limit && parent?.hasPlace ?? true }

    /// Somebody waits, here or in a parent.
    var hasLine: Bool { !line.isEmpty || parent?.hasLine ?? false }

    /// What a pool may do with an invocation that comes now.
    var room: Room {
        if isClosed { return .never }
        if hasRoom { return .free }
        return hasLine ? .contested : .taken
    }

    /// Calls back once when it is the caller's turn: one invocation may begin then. Legal while there is no room.
    func whenRoom(_ action: @escaping () -> Void) {
        line.append(action)
        if running < limit { standInLine() }
    }

    func began() {
        running += 1
        parent?.began()
    }

    /// ``giveOut()`` is to follow.
    func ended() {
        running -= 1
        parent?.ended()
    }

    /// Lets those in line have the room that there is.
    func giveOut() {
        while running < limit, !line.isEmpty {
            guard parent?.hasRoom ?? true else {
                standInLine()
                break
            }
            line.popFirst()?()
        }
        parent?.giveOut()
    }

    private func standInLine() {
        guard !isInLine, let parent else { return }
        isInLine = true
        parent.whenRoom { [weak self] in
            guard let self else { return }
            self.isInLine = false
            guard self.running < self.limit else { return }
            self.line.popFirst()?()
            if self.running < self.limit, !self.line.isEmpty { self.standInLine() }
        }
    }
}
