package import LambdaModel

/// The backend `process`: the bootstrap runs directly on this machine, from the real directories.
package struct ProcessBackend: Sendable, Hashable {
    /// Absolute path of the directory that is /var/task on Lambda.
    package var taskRoot: String
    /// Directories that together are /opt on Lambda, the winning one first.
    package var layerRoots: [String]
    /// The CPU on which everything runs; `nil`: this machine's.
    package var emulation: CPUEmulation?

    /// What this backend does not give, in one line for the user.
    package static let limitations = """
        backend process: no read-only root, no /var/task or /opt (see LAMBDA_TASK_ROOT), no memory limit, \
        no user of its own, no private /tmp, no Amazon Linux libraries
        """

    package init(taskRoot: String, layerRoots: [String] = [], emulation: CPUEmulation? = nil) {
        self.taskRoot = taskRoot
        self.layerRoots = layerRoots
        self.emulation = emulation
        self.emulation?.guardedDirectories = [taskRoot] + layerRoots
    }

    /// Finds the bootstrap as Lambda does: in the task root, else in the layers; a directory of that name does not
    /// count. Whether the file can be executed is for the kernel to say at the start.
    package func entrypoint() throws(LaunchFailure) -> Entrypoint {
        try entrypoint(shell: .current())
    }

    func entrypoint(shell: @autoclosure () -> HostShell) throws(LaunchFailure) -> Entrypoint {
        let candidates = [(taskRoot, "/var/task")] + layerRoots.map { ($0, "/opt") }
        for (directory, lambdaDirectory) in candidates {
            let path = directory + "/bootstrap"
            guard let kind = HostFile.kind(path), kind != .directory else { continue }
            let plain = Entrypoint(
                path: path,
                lambdaPath: lambdaDirectory + "/bootstrap",
                executable: path,
                arguments: [path],
                workingDirectory: taskRoot,
                emulation: emulation
            )
            return Self.withLambdaShell(plain, shell: shell)
        }
        throw .noEntrypoint
    }

    /// On Lambda `/bin/sh` is bash, and most published bootstraps depend on it (`set -o pipefail` under `#!/bin/sh`).
    /// Where this machine's is another shell, the script gets bash under the name of sh, as it does there.
    private static func withLambdaShell(_ plain: Entrypoint, shell: () -> HostShell) -> Entrypoint {
        // What is not executable has to fail as it does on Lambda.
        guard HostFile.isExecutable(plain.path),
            let start = HostFile.prefix(of: plain.path, count: Shebang.kernelPrefix),
            let shebang = Shebang(fileStart: start),
            ["/bin/sh", "/usr/bin/sh"].contains(shebang.interpreter)
        else { return plain }

        let shell = shell()
        guard !shell.shIsBash else { return plain }
        var result = plain
        guard let bash = shell.bash else {
            result.notice =
                "\(plain.lambdaPath) asks for \(shebang.interpreter), which is bash on Lambda but \(shell.name) here, "
                + "and this machine has no bash; install bash if the script fails"
            return result
        }
        result.executable = bash
        result.arguments = [shebang.interpreter] + (shebang.argument.map { [$0] } ?? []) + [plain.path]
        result.notice =
            "\(plain.lambdaPath) runs under bash: \(shebang.interpreter) is bash on Lambda, \(shell.name) here"
        return result
    }
}
