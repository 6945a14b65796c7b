/// Why the store did not do what it was asked for. Nothing of it has happened then.
package struct EventStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// In SQLite's or the system's words.
    package var reason: String

    package init(_ reason: String) {
        self.reason = reason
    }

    package var description: String { reason }
}
