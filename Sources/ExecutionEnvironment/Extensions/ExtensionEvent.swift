import NIOCore

/// A lifecycle event that an extension can register for.
enum ExtensionEvent: String, Sendable, Hashable, CaseIterable {
    case invoke = "INVOKE"
    case shutdown = "SHUTDOWN"
}

/// Why an environment shuts down, as extensions are told.
enum ShutdownReason: String, Sendable, Hashable {
    /// The environment is not needed any more.
    case spindown
    /// An invocation, or an init, took too long.
    case timeout
    /// A process of the environment has failed.
    case failure
}

/// An event on its way to one extension.
enum ExtensionDelivery: Hashable {
    case invoke(deadline: NIODeadline)
    case shutdown(ShutdownReason, deadline: NIODeadline)
}
