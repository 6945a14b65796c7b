/// When a burst of changes is over. Pure: times in, times out.
///
/// An editor saves a file in several steps, and "save all" or a checkout touches hundreds: one rebuild follows, when nothing
/// has changed for a moment, and at the latest when a longer moment has passed.
struct Debounce {
    /// Milliseconds without a change after which a burst is over.
    static let quiet: Int64 = 50
    /// Milliseconds after its first change at which a burst counts as over, whatever still comes.
    static let longest: Int64 = 1_000

    private var first: Int64?
    private var last: Int64 = 0

    /// - Parameter now: in milliseconds.
    mutating func changed(at now: Int64) {
        first = first ?? now
        last = now
    }

    /// When the burst will be over; `nil` while nothing has changed.
    var deadline: Int64? { first.map { min(last + Self.quiet, $0 + Self.longest) } }

    /// Whether a burst is over, once for each.
    mutating func isOver(at now: Int64) -> Bool {
        guard let deadline, deadline <= now else { return false }
        first = nil
        return true
    }
}
