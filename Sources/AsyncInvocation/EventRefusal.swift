package import FunctionStore

/// Why an event was not accepted.
package enum EventRefusal: Error, Sendable, Hashable {
    /// As many events wait as may.
    case queueFull
    /// The server is shutting down.
    case stopped
    /// It could not be written to the disk.
    case notStored(EventStoreError)
}
