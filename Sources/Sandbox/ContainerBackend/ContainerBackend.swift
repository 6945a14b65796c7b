package import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The backend `container`: the function's process runs in a container of an engine of this machine, with the userland of
/// an image; the emulator stays outside.
package struct ContainerBackend: ExecutionBackend {
    /// What runs in the container.
    package enum Content: Sendable, Hashable {
        /// A bootstrap of this machine's, in directories that become /var/task and /opt (the winning layer first).
        case code(taskRoot: String, layerRoots: [String])
        /// What the image starts by itself.
        case image(FunctionImage)
    }

    package let engine: ContainerEngine
    let image: ContainerImage
    let function: FunctionConfiguration
    let content: Content
    /// Directories of this machine that the container sees.
    let mounts: [ContainerRun.Mount]
    /// Whether /tmp is a directory of this machine, which has no size of its own, instead of memory.
    package let hasDiskForTemporary: Bool
    /// Files of this machine that only the containers need; a directory for each of them.
    private let scratch: TemporaryDirectory

    /// Lambda's, as in the sandbox.
    static let functionUser: (user: UInt32, group: UInt32) = (993, 990)

    /// Looks at the image and prepares the directories. Blocks for 50 ms, more where layers are many files.
    ///
    /// - Parameters:
    ///   - imageName: an image that this machine has; `nil`: that of the content, else Lambda's own of the runtime.
    ///   - bootstrapFile: a file that takes the place of /var/task/bootstrap.
    ///   - hasDiskForTemporary: see there.
    /// - Throws: `ApusError` for an image that is not here or for another architecture, `LaunchFailure` for files that
    ///   cannot be prepared.
    package init(
        engine: ContainerEngine,
        imageName: String?,
        function: FunctionConfiguration,
        content: Content,
        bootstrapFile: String? = nil,
        hasDiskForTemporary: Bool = false
    ) throws {
        self.engine = engine
        self.function = function
        self.content = content
        self.hasDiskForTemporary = hasDiskForTemporary
        image = ContainerImage(
            name: imageName ?? content.imageName ?? ContainerImage.standard(for: function.runtime),
            engine: engine
        )
        try image.check(for: function.architecture)
        scratch = try TemporaryDirectory.make(prefix: "container-")
        mounts = try Self.mounts(of: content, bootstrapFile: bootstrapFile, in: scratch.path)
    }

    /// Removes the files that the containers needed, now.
    package func remove() { scratch.remove() }

    /// Directories as they are, where the function's user can enter them and there is one alone; else a tree of links.
    private static func mounts(
        of content: Content,
        bootstrapFile: String?,
        in scratch: String
    ) throws(LaunchFailure) -> [ContainerRun.Mount] {
        guard case .code(let taskRoot, let layerRoots) = content else { return [] }
        var result: [ContainerRun.Mount] = []
        if let bootstrapFile {
            let tree = try LinkedTree(file: bootstrapFile, named: "bootstrap", at: scratch + "/task")
            result.append(.init(source: tree.path, target: "/var/task"))
        } else {
            result.append(.init(source: try directory([taskRoot], at: scratch + "/task"), target: "/var/task"))
        }
        if !layerRoots.isEmpty {
            result.append(.init(source: try directory(layerRoots, at: scratch + "/opt"), target: "/opt"))
        }
        return result
    }

    private static func directory(_ roots: [String], at path: String) throws(LaunchFailure) -> String {
        if roots.count == 1, isReachable(roots[0]) { return roots[0] }
        return try LinkedTree(of: roots, at: path).path
    }

    /// /var/task and /opt are open to everybody on Lambda.
    private static func isReachable(_ path: String) -> Bool { HostFile.isOpenToAll(path) }

    // MARK: What the function sees

    package var view: FunctionView {
        var view = FunctionView()
        switch engine.reach {
        case .hostNetwork: break
        case .name(let name): view.runtimeAPIName = name
        case .interface(let address):
            view.runtimeAPIName = address
            view.listensEverywhere = true
        }
        return view
    }

    package var notice: String? {
        let names = ignoredExtensions.map(\.lambdaPath).joined(separator: ", ")
        return "backend container: \(image.name) in \(engine.kind.rawValue)"
            + (names.isEmpty ? "" : "; external extensions are not started: \(names)")
    }

    private var ignoredExtensions: [Entrypoint] {
        guard case .code(let taskRoot, let layerRoots) = content else { return [] }
        return ProcessBackend(taskRoot: taskRoot, layerRoots: layerRoots).extensions()
    }

    package var showsCrashes: Bool { false }
    package var isOtherUser: Bool { true }

    /// What the image holds is not known; that a file is missing there is told by the engine.
    package func shows(_ path: String) -> Bool { false }

    /// None: an extension would have to run in the container of the runtime, and before it.
    package func extensions() -> [Entrypoint] { [] }

    package func entrypoint() throws(LaunchFailure) -> Entrypoint {
        guard case .code(_, let layerRoots) = content else {
            let entry = content.entrypoint?.first ?? "the entry point of \(image.name)"
            // No file of this machine's, even where there is one of that name.
            return Self.entrypoint(entry, on: "")
        }
        // The prepared task root: a bootstrap that is given as a file is in it.
        let candidates = [(mounts[0].source, "/var/task")] + layerRoots.map { ($0, "/opt") }
        for (directory, lambdaDirectory) in candidates {
            let path = directory + "/bootstrap"
            // Where a link leads in the container is for the engine to find out.
            guard HostFile.isLink(path) || HostFile.kind(path).map({ $0 != .directory }) == true else { continue }
            return Self.entrypoint(lambdaDirectory + "/bootstrap", on: path)
        }
        throw .noEntrypoint
    }

    private static func entrypoint(_ lambdaPath: String, on path: String) -> Entrypoint {
        Entrypoint(
            path: path,
            lambdaPath: lambdaPath,
            executable: lambdaPath,
            arguments: [lambdaPath],
            workingDirectory: "/var/task"
        )
    }

    // MARK: Launch

    package func specification(
        of entrypoint: Entrypoint,
        environment: [String: String]
    ) throws(LaunchFailure) -> LaunchSpecification {
        if case .code = content { try Self.check(entrypoint) }
        let name = "apus-\(getpid())-" + String(RequestIdentifier.random().filter { $0 != "-" }.prefix(12))
        let directory = scratch.path + "/" + name
        guard mkdir(directory, 0o700) == 0 else { throw .host(code: errno, operation: "mkdir \(directory)") }
        let variables = try ContainerVariables(seen(environment), engine: engine)
        try Self.write(variables.fileText, to: directory + "/variables")
        var run = self.run(named: name, variables: directory + "/variables", entrypoint)
        run.inheritedNames = Array(variables.inherited.keys)
        if hasDiskForTemporary {
            let temporary = directory + "/tmp"
            guard mkdir(temporary, 0o700) == 0, chmod(temporary, 0o1777) == 0 else {
                throw .host(code: errno, operation: "mkdir \(temporary)")
            }
            run.mounts.append(.init(source: temporary, target: "/tmp", isReadOnly: false))
        }
        let own = HostEnvironment.variables
        // Without `--rm`: the engine can be asked how the container has ended, and it is removed in any case.
        var result = LaunchSpecification(
            executable: "/bin/sh",
            arguments: ["sh", "-c", engine.client, engine.path, name] + run.arguments(for: engine),
            environment: own.merging(variables.inherited) { $1 },
            workingDirectory: directory
        )
        result.cleanup = ExtensionSpecification(
            executable: "/bin/sh",
            arguments: ["sh", "-c", engine.removal, engine.path, name, directory],
            environment: own,
            workingDirectory: "/"
        )
        return result
    }

    /// What engines say of such a file differs.
    private static func check(_ entrypoint: Entrypoint) throws(LaunchFailure) {
        guard !HostFile.isLink(entrypoint.path) else { return }
        guard HostFile.isExecutable(entrypoint.path) else {
            throw .exec(code: EACCES, path: entrypoint.lambdaPath)
        }
    }

    private func run(named name: String, variables: String, _ entrypoint: Entrypoint) -> ContainerRun {
        var run = ContainerRun(
            name: name,
            image: image.name,
            architecture: function.architecture,
            memory: function.memorySize,
            temporary: hasDiskForTemporary ? nil : function.ephemeralStorage,
            mounts: mounts,
            variableFile: variables,
            sharesHostNetwork: engine.reach == .hostNetwork
        )
        switch content {
        case .code:
            run.workingDirectory = entrypoint.workingDirectory
            run.entrypoint = [entrypoint.lambdaPath]
        case .image(let image):
            run.workingDirectory = image.workingDirectory
            run.entrypoint = image.entrypoint
            run.command = image.command ?? []
        }
        return run
    }

    /// An image has its own idea of what Lambda's base images set.
    private func seen(_ environment: [String: String]) -> [String: String] {
        guard case .image = content else { return environment }
        return environment.filter { name, value in
            switch name {
            case "PATH", "LD_LIBRARY_PATH", "LANG", "TZ":
                function.environment[name] != nil
            case "_HANDLER": !value.isEmpty
            default: true
            }
        }
    }

    private static func write(_ text: String, to path: String) throws(LaunchFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .host(code: errno, operation: "write \(path)") }
        defer { close(descriptor) }
        guard LinkedTree.writeAll(Array(text.utf8)[...], to: descriptor) else {
            throw .host(code: errno, operation: "write \(path)")
        }
    }

    // MARK: End

    package func meaning(
        of exit: ProcessExit,
        launched specification: LaunchSpecification,
        outputTail: String,
        hasCalled: Bool
    ) -> ProcessEnd {
        let directory = specification.workingDirectory
        let answer = HostFile.prefix(of: directory + "/oom-killed", count: 4) ?? []
        let end = ContainerEnd(
            engine: engine.kind,
            shownPath: (try? entrypoint().lambdaPath) ?? image.name,
            exit: exit,
            outputTail: outputTail,
            hasCalled: hasCalled,
            isOutOfMemory: HostFile.kind(directory + "/oom") != nil || answer == Array("true".utf8),
            memoryLimit: function.memorySize << 20
        )
        return end.meaning
    }
}

extension ContainerBackend.Content {
    var imageName: String? {
        if case .image(let image) = self { image.name } else { nil }
    }

    var entrypoint: [String]? {
        if case .image(let image) = self { image.entrypoint } else { nil }
    }
}
