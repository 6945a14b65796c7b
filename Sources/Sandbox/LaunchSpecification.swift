internal import CLauncher

/// What to execute as the main process of an environment, and beside it.
package struct LaunchSpecification: Sendable, Hashable {
    /// The file for `execve`, an absolute path.
    package var executable: String
    /// `argv`, the program's name included.
    package var arguments: [String]
    /// The whole environment: nothing of the host's is added.
    package var environment: [String: String]
    package var workingDirectory: String
    /// Whether the launcher looks at processes that a signal is about to end (`LauncherMessage.crashed`), by ptrace: costs
    /// nothing on system calls, but 20 to 30 µs for each signal and twice as much for a handled fault, 0.1 ms for each
    /// thread and process, 1 ms for the start. Debuggers inside of the environment are refused (EPERM), set-user-ID
    /// programs run without their privilege unless Apus is root. Where ptrace is not permitted nothing is seen.
    package var capturesCrashes = false

    /// The CPU on which this, the extensions and all that they start run; `nil`: this machine's.
    package var emulation: CPUEmulation?

    /// What all of them see instead of this machine (Linux); `nil`: this machine.
    package var room: RoomSpecification?

    /// What removes that which would outlive the processes, such as a container whose engine's client the main process is.
    /// The launcher runs it at the end, in whatever way that comes, also when Apus has been killed: while a main process
    /// that still runs lives, which may need it to end, and again after it. It has ten seconds. Not with a room.
    package var cleanup: ExtensionSpecification?

    /// External extensions, `maximumExtensions` at most. With any, the launcher starts neither them nor the main process
    /// until `LauncherCommand.startExtensions` and `.startMain` come, and the environment goes on after the end of the main
    /// process: until each of them has been started and has ended, or `LauncherCommand.kill`.
    package var extensions: [ExtensionSpecification] = []

    /// Lambda's quota of registered extensions.
    package static let maximumExtensions = Int(APUS_MAXIMUM_EXTENSIONS)

    package init(
        executable: String,
        arguments: [String],
        environment: [String: String],
        workingDirectory: String,
        emulation: CPUEmulation? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.emulation = emulation
    }
}
