/// What to execute as the main process of an environment.
package struct LaunchSpecification: Sendable, Hashable {
    /// The file for `execve`, an absolute path.
    package var executable: String
    /// `argv`, the program's name included.
    package var arguments: [String]
    /// The whole environment: nothing of the host's is added.
    package var environment: [String: String]
    package var workingDirectory: String

    package init(executable: String, arguments: [String], environment: [String: String], workingDirectory: String) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }
}
