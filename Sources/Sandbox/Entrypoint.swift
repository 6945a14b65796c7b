package import LambdaModel

/// The bootstrap that was found, and how it is started.
package struct Entrypoint: Sendable, Hashable {
    /// The file on this machine.
    package var path: String
    /// The path that the function has on Lambda, for messages: `/var/task/bootstrap` or `/opt/bootstrap`.
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

    /// What to launch with an environment.
    package func specification(environment: [String: String]) -> LaunchSpecification {
        LaunchSpecification(
            executable: executable,
            arguments: arguments,
            environment: environment,
            workingDirectory: workingDirectory,
            emulation: emulation
        )
    }

    /// The failure that a `LauncherMessage.execFailed` means for this bootstrap.
    package func failure(errno code: Int32) -> LaunchFailure {
        .exec(code: code, path: lambdaPath)
    }
}
