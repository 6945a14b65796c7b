internal import LambdaModel

extension ProcessBackend {
    /// Entries of a layer's directory of extensions that are looked at: a bound for hostile archives, far beyond Lambda's ten
    /// extensions.
    private static let maximumEntries = 1_000

    /// The external extensions, in the order of the bytes of their names: every file in the directory `extensions` of a
    /// layer that is no directory, whether it can be executed or not, which is for the kernel to say. Of files with one
    /// name the winning layer's counts. There may be more than `LaunchSpecification.maximumExtensions`.
    package func extensions() -> [Entrypoint] {
        extensions(shell: .current())
    }

    func extensions(shell: @autoclosure () -> HostShell) -> [Entrypoint] {
        // By bytes: String takes names for equal that are not.
        var found: [[UInt8]: String] = [:]
        for root in layerRoots {
            let directory = root + "/extensions"
            for name in HostFile.names(in: directory, atMost: Self.maximumEntries) where found[Array(name.utf8)] == nil
            {
                // A link to nothing counts: that its file is missing is what its start will tell.
                if HostFile.kind(directory + "/" + name) != .directory { found[Array(name.utf8)] = directory }
            }
        }
        return found.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { bytes, directory in
            let name = String(decoding: bytes, as: UTF8.self)
            let path = directory + "/" + name
            let plain = Entrypoint(
                path: path,
                lambdaPath: "/opt/extensions/" + name,
                executable: path,
                arguments: [path],
                workingDirectory: "/",
                emulation: emulation
            )
            return plain.withLambdaShell(shell)
        }
    }
}
