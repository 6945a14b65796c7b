package import FunctionStore

/// What the dispatcher needs of a store. Its calls block; they come from one thread.
package protocol EventStorage: Sendable {
    func apply(_ changes: EventChanges) throws(EventStoreError) -> [StoredEvent]
    func contents(of sequences: [Int64]) throws(EventStoreError) -> [Int64: EventContents]
    func events(after sequence: Int64, limit: Int) throws(EventStoreError) -> [StoredEvent]
    /// Appends lines to the file of a destination.
    func append(_ lines: [[UInt8]], to destination: String) throws(EventStoreError)
    /// Where that file is, for messages. Does not block.
    func path(of destination: String) -> String
}

/// The store of a state directory with its destinations' files.
package struct DiskEventStorage: EventStorage {
    private let store: EventStore
    private let files: DestinationFiles

    package init(store: EventStore, files: DestinationFiles) {
        self.store = store
        self.files = files
    }

    package func apply(_ changes: EventChanges) throws(EventStoreError) -> [StoredEvent] {
        try store.apply(changes)
    }

    package func contents(of sequences: [Int64]) throws(EventStoreError) -> [Int64: EventContents] {
        try store.contents(of: sequences)
    }

    package func events(after sequence: Int64, limit: Int) throws(EventStoreError) -> [StoredEvent] {
        try store.events(after: sequence, limit: limit)
    }

    package func append(_ lines: [[UInt8]], to destination: String) throws(EventStoreError) {
        try files.append(lines, to: destination)
    }

    package func path(of destination: String) -> String {
        files.directory + "/" + destination
    }
}
