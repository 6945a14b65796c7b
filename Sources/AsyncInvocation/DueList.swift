import DequeModule

/// Events that wait for a time, by that time. Pure.
///
/// Waits are one minute or two, so that a new one belongs near the end of the list or its middle; the others move as a block of
/// memory, some microseconds for ten thousands of them.
struct DueList {
    private var entries: Deque<(dueAt: Int64, sequence: Int64)> = []

    var first: Int64? { entries.first?.dueAt }

    mutating func insert(_ sequence: Int64, dueAt: Int64) {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].dueAt <= dueAt { low = middle + 1 } else { high = middle }
        }
        entries.insert((dueAt, sequence), at: low)
    }

    /// Takes the first event whose time has come.
    mutating func popDue(at now: Int64) -> Int64? {
        guard let first = entries.first, first.dueAt <= now else { return nil }
        entries.removeFirst()
        return first.sequence
    }
}
