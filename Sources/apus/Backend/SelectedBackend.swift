import LambdaModel
import Sandbox

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The backend that a command line asks for, or the best that this machine has.
struct SelectedBackend: Sendable {
    enum Kind: Sendable {
        case process
        case sandbox(SandboxSupport)
        case container(ContainerEngine)
    }

    let kind: Kind
    /// One line for the user where it is not the one that the default would be.
    let notice: String?
    private let options: BackendOptions

    /// Tries what this machine can do, which takes about 5 ms, and 50 where that is a container engine.
    init(_ options: BackendOptions) throws(ApusError) {
        self.options = options
        let isDefault = options.backend == nil && !options.hasSandboxOptions && Self.containersAreDefault
        if options.asksForContainer || isDefault {
            kind = .container(try ContainerEngine.choose(named: options.engine))
            notice = nil
            return
        }
        guard options.backend != .process else {
            kind = .process
            notice = nil
            return
        }
        do throws(SandboxSupport.Refusal) {
            kind = .sandbox(try SandboxSupport.probe())
            notice = nil
        } catch {
            let reason = "there can be no sandbox here: \(error.reason)"
            guard !options.needsSandbox else { throw ApusError("backend.sandbox", reason, hint: error.hint) }
            kind = .process
            notice = reason + "; `apus doctor` tells more"
        }
    }

    /// For a function that is a container image, whatever the default is.
    ///
    /// - Throws: also `ValidationError` for options that no container has.
    init(forImageOf function: FunctionConfiguration, _ options: BackendOptions) throws {
        if let asked = options.backend, asked != .container {
            throw ApusError(
                "backend.image",
                "\(function.name) is a container image (PackageType: Image), which no backend \(asked.rawValue) can run",
                hint: "Leave --backend \(asked.rawValue) out."
            )
        }
        try options.validateForContainer()
        self.options = options
        kind = .container(try ContainerEngine.choose(named: options.engine))
        notice = nil
    }

    /// Functions are programs for Linux.
    private static var containersAreDefault: Bool {
        #if os(macOS)
        true
        #else
        false
        #endif
    }

    /// Whether the function finds libraries of a root file system from elsewhere.
    var hasOwnRoot: Bool { options.rootfs != nil }

    /// Whether the bootstrap that is given as a file is put into its place by the backend.
    var placesBootstrap: Bool {
        if case .process = kind { false } else { true }
    }

    /// Whether functions run on the CPU that the engine gives them.
    var isContainer: Bool {
        if case .container = kind { true } else { false }
    }

    /// A disk for /tmp, where it is not to be memory. Disappears with the value.
    func disk(of function: FunctionConfiguration) throws(ApusError) -> TemporaryDisk? {
        // Of a container it is a directory.
        options.tmp == .disk && !isContainer ? try TemporaryDisk(megabytes: function.ephemeralStorage) : nil
    }

    func backend(
        of selected: SelectedFunction,
        code: PreparedCode,
        disk: TemporaryDisk?,
        emulation: CPUEmulation?
    ) throws -> any ExecutionBackend {
        let function = selected.configuration
        switch kind {
        case .process:
            return ProcessBackend(taskRoot: code.taskRoot, layerRoots: code.layerRoots, emulation: emulation)
        case .container(let engine):
            return try ContainerBackend(
                engine: engine,
                imageName: options.image,
                function: function,
                content: selected.image.map { .image($0) }
                    ?? .code(taskRoot: code.taskRoot, layerRoots: code.layerRoots),
                bootstrapFile: code.bootstrapFile,
                hasDiskForTemporary: options.tmp == .disk
            )
        case .sandbox(let support):
            var backend = SandboxBackend(
                function: function,
                taskRoot: code.taskRoot,
                layerRoots: code.layerRoots,
                support: support
            )
            backend.bootstrapFile = code.bootstrapFile
            backend.emulation = emulation
            backend.network = options.network
            backend.isABIStrict = options.strictAbi
            backend.rootfs = try options.rootfs.map(Self.rootfs)
            backend.disk = disk?.path
            return backend
        }
    }

    private static func rootfs(_ path: String) throws(ApusError) -> String {
        guard let resolved = realpath(path, nil) else {
            throw ApusError("rootfs.missing", "--rootfs \(path): \(ByteSource.text(of: errno))")
        }
        defer { free(resolved) }
        let root = String(cString: resolved)
        var status = stat()
        guard stat(root + "/usr", &status) == 0 || stat(root + "/bin", &status) == 0 else {
            throw ApusError(
                "rootfs.empty",
                "--rootfs \(path) is no root file system: there is neither usr nor bin in it",
                hint: "docs/sandbox.md tells how to make one from public.ecr.aws/lambda/provided:al2023"
            )
        }
        return root
    }
}
