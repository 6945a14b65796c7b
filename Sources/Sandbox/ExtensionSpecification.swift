/// What to execute as one external extension of an environment. Emulation and the capture of crashes are those of its
/// `LaunchSpecification`.
package struct ExtensionSpecification: Sendable, Hashable {
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
