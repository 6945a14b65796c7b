import ArgumentParser

/// The argument of `--format`.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case text
    /// For tools: one object on one line.
    case json
}
