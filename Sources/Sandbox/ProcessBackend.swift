package import LambdaModel

/// The backend `process`: the bootstrap runs directly on this machine, from the real directories.
package struct ProcessBackend: ExecutionBackend, Hashable {
    /// Absolute path of the directory that is /var/task on Lambda.
    package var taskRoot: String
    /// Directories that together are /opt on Lambda, the winning one first.
    package var layerRoots: [String]
    /// The CPU on which everything runs; `nil`: this machine's.
    package var emulation: CPUEmulation?

    package init(taskRoot: String, layerRoots: [String] = [], emulation: CPUEmulation? = nil) {
        self.taskRoot = taskRoot
        self.layerRoots = layerRoots
        self.emulation = emulation
        self.emulation?.guardedDirectories = [taskRoot] + layerRoots
    }

    package var view: FunctionView {
        var view = FunctionView()
        view.taskRoot = taskRoot
        if !layerRoots.isEmpty { view.layerRoots = layerRoots }
        return view
    }

    package func specification(
        of entrypoint: Entrypoint,
        environment: [String: String]
    ) throws(LaunchFailure) -> LaunchSpecification {
        entrypoint.specification(environment: environment)
    }

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
