/// An error that a user sees: what failed, why, and what to do, in that order.
///
/// Modules throw it (or a type of their own that converts to it) where the message is all that a caller can use.
package struct ApusError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A stable name for tools and tests, which outlives changes of the wording.
    package struct Code: Sendable, Hashable, RawRepresentable, ExpressibleByStringLiteral {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
        package init(stringLiteral value: String) { rawValue = value }
    }

    package var code: Code
    /// What failed and why, naming the thing: one sentence or two, without a full stop at the end.
    package var message: String
    /// The next step, if there is one to name.
    package var hint: String?

    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String {
        hint.map { message + "\n" + $0 } ?? message
    }
}
