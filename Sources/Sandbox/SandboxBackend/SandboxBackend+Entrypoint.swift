package import LambdaModel

extension SandboxBackend {
    package func entrypoint() throws(LaunchFailure) -> Entrypoint {
        let candidates = [(taskRoot, "/var/task")] + layerRoots.map { ($0, "/opt") }
        for (directory, lambdaDirectory) in candidates {
            let isReplaced = bootstrapFile != nil && directory == taskRoot
            guard let path = isReplaced ? bootstrapFile : Self.file(directory + "/bootstrap") else { continue }
            return entrypoint(lambdaDirectory + "/bootstrap", on: path, in: "/var/task")
        }
        throw .noEntrypoint
    }

    package func extensions() -> [Entrypoint] {
        // A directory that a link leads to outside of the layer is not the one that the room shows.
        let own = layerRoots.filter { HostFile.isInside($0, $0 + "/extensions") }
        let plain = ProcessBackend(taskRoot: taskRoot, layerRoots: own)
        return plain.extensions().map { entrypoint($0.lambdaPath, on: $0.path, in: "/") }
    }

    private func entrypoint(_ lambdaPath: String, on path: String, in directory: String) -> Entrypoint {
        var result = Entrypoint(
            path: path,
            lambdaPath: lambdaPath,
            executable: lambdaPath,
            arguments: [lambdaPath],
            workingDirectory: directory,
            emulation: roomEmulation
        )
        // The room's /bin/sh is bash already, if there is one; only what is to be said of it is wanted.
        if rootfs == nil { result.notice = result.withLambdaShell { .current() }.notice }
        return result
    }

    /// A path that leads to a file, or is a link: where that leads in the room is for the kernel to find out.
    private static func file(_ path: String) -> String? {
        if HostFile.isLink(path) { return path }
        guard let kind = HostFile.kind(path), kind != .directory else { return nil }
        return path
    }
}
