package import LambdaModel

/// A bootstrap or extension that was found, and how it is started.
package struct Entrypoint: Sendable, Hashable {
    /// The file on this machine.
    package var path: String
    /// The path that it has on Lambda, for messages: `/var/task/bootstrap`, `/opt/bootstrap`, `/opt/extensions/NAME`.
    package var lambdaPath: String
    /// The file for `execve`: `path`, or the shell that Lambda's `/bin/sh` is.
    package var executable: String
    /// `argv`.
    package var arguments: [String]
    package var workingDirectory: String
    /// One line for the user where the start differs from a plain execution of the file.
    package var notice: String?
    /// The CPU on which it runs; `nil`: this machine's.
    package var emulation: CPUEmulation?

    /// What to launch with these variables.
    package func specification(environment: [String: String]) -> LaunchSpecification {
        LaunchSpecification(
            executable: executable,
            arguments: arguments,
            environment: environment,
            workingDirectory: workingDirectory,
            emulation: emulation
        )
    }

    /// The same for an extension.
    package func extensionSpecification(environment: [String: String]) -> ExtensionSpecification {
        ExtensionSpecification(
            executable: executable,
            arguments: arguments,
            environment: environment,
            workingDirectory: workingDirectory
        )
    }

    /// The failure that `LauncherMessage.execFailed` or `.extensionExecFailed` means for this file.
    package func failure(errno code: Int32) -> LaunchFailure {
        .exec(code: code, path: lambdaPath)
    }
}
