/// One call of a build tool, as a value.
struct ToolCommand: Equatable, Sendable {
    /// What the user knows it by: `go build`.
    var title: String
    /// Absolute path.
    var program: String
    var arguments: [String]
    /// Besides what the build's tools inherit.
    var environment: [String: String] = [:]
    /// Where it runs.
    var directory: String
}
