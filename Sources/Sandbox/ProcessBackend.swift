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
            return plain.withLambdaShell(shell)
        }
        throw .noEntrypoint
    }
}
