/// Changes that happen together or not at all.
package struct EventChanges: Sendable, Hashable {
    /// New events, in the order of their coming.
    package var insertions: [AsyncEvent]
    /// Events whose attempts and due times have changed.
    package var updates: [StoredEvent]
    /// Sequence numbers of events that are over.
    package var removals: [Int64]

    package init(insertions: [AsyncEvent] = [], updates: [StoredEvent] = [], removals: [Int64] = []) {
        self.insertions = insertions
        self.updates = updates
        self.removals = removals
    }

    package var isEmpty: Bool { insertions.isEmpty && updates.isEmpty && removals.isEmpty }
}
