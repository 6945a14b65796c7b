/// Sees that files have changed. Belongs to one thread.
protocol ChangeDetector: AnyObject {
    /// Waits for changes.
    ///
    /// - Parameters:
    ///   - milliseconds: how long at most; `nil`: as long as it takes.
    ///   - wake: a descriptor that becomes readable when nobody needs to wait any longer.
    /// - Returns: whether something that is not ignored has changed.
    func wait(milliseconds: Int32?, wake: Int32) -> Bool
}

/// A directory with all that is in it, or one file.
struct WatchedRoot: Sendable, Hashable {
    /// Absolute, without links.
    var path: String
    var isDirectory: Bool
}
