import ExecutionEnvironment
import LambdaModel
import Sandbox

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension EmulatorEnvironment {
    /// What to start. A command without a slash is looked for in the image's PATH, as RIE does.
    func launchPlan(runtimeAPI: String) throws(LaunchFailure) -> LaunchPlan {
        guard let program = command.first else { throw .noEntrypoint }
        guard let path = resolve(program) else {
            // The search of an image's own places failed, or the one program that was asked for is not there.
            throw Self.bootstrapPaths.contains(program) ? .noEntrypoint : .exec(code: ENOENT, path: program)
        }
        let specification = LaunchSpecification(
            executable: path,
            arguments: command,
            environment: processVariables(runtimeAPI: runtimeAPI),
            workingDirectory: workingDirectory,
            emulation: emulation
        )
        // An image has its layers, and so its extensions, in /opt.
        let layers = ProcessBackend(taskRoot: workingDirectory, layerRoots: ["/opt"], emulation: emulation)
        return LaunchPlan(bootstrap: specification, shownPath: path, beside: layers.extensions())
    }

    private func resolve(_ program: String) -> String? {
        if program.utf8.contains(UInt8(ascii: "/")) {
            return access(program, F_OK) == 0 ? program : nil
        }
        let directories = (inherited["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        return directories.lazy.map { "\($0)/\(program)" }.first(where: isExecutableFile)
    }

    private func isExecutableFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
