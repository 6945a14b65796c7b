/// A crash in words: what the log stream gets, and what tools read.
package struct CrashExplanation: Sendable, Hashable {
    /// For people, each a line; without control characters.
    package var lines: [String]
    /// The same as one JSON object.
    package var json: String

    package init(lines: [String], json: String) {
        self.lines = lines
        self.json = json
    }
}
