import DequeModule

/// Who runs next in a pool of one environment. Pure: elements in, decisions out, first come first served.
struct InvocationQueue<Element> {
    enum Decision {
        /// Hand it to the environment now.
        case run(Element)
        /// It waits for its turn.
        case wait
        /// There is no more room, or the pool has closed.
        case refuse(Element)
    }

    private let limit: Int
    private var waiting = Deque<Element>()
    private var isBusy = false
    private var isClosed = false

    /// - Parameter limit: how many may wait.
    init(limit: Int) {
        self.limit = limit
    }

    mutating func submit(_ element: Element) -> Decision {
        guard !isClosed else { return .refuse(element) }
        guard isBusy else {
            isBusy = true
            return .run(element)
        }
        guard waiting.count < limit else { return .refuse(element) }
        waiting.append(element)
        return .wait
    }

    /// The environment is ready for another: the next one, if there is one.
    mutating func environmentBecameIdle() -> Element? {
        guard let next = waiting.popFirst() else {
            isBusy = false
            return nil
        }
        return next
    }

    /// Takes no more; returns those that waited.
    mutating func close() -> [Element] {
        isClosed = true
        defer { waiting.removeAll() }
        // An array made of an empty deque writes into the one empty array that all threads share.
        return waiting.isEmpty ? [] : Array(waiting)
    }
}
