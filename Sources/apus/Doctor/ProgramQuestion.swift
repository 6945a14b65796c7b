/// A program that is asked for something, mostly its version.
struct ProgramQuestion: Sendable, Hashable {
    /// Absolute.
    var path: String
    var arguments: [String]
}

/// What became of a question.
enum ProgramAnswer: Sendable, Hashable {
    /// It ended with 0; the beginning of its standard output.
    case output(String)
    /// It ended otherwise.
    case failed
    /// It did not end in its time.
    case silent
    /// It could not be started.
    case notStarted(errno: Int32)
}
