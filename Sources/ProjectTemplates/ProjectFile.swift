/// A file of a project.
package struct ProjectFile: Sendable, Hashable {
    /// Relative to the project's directory.
    package var path: String
    /// What it is, for the table in the README.
    var about: String
    package var isExecutable: Bool
    package var text: String

    /// - Parameter text: without the line end at its end.
    init(_ path: String, about: String = "", isExecutable: Bool = false, text: String) {
        self.path = path
        self.about = about
        self.isExecutable = isExecutable
        self.text = text + "\n"
    }
}
