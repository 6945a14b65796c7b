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
    }

    let kind: Kind
    /// One line for the user where it is not the one that the default would be.
    let notice: String?
    private let options: BackendOptions

    /// Tries what this machine can do, which takes about 5 ms.
    init(_ options: BackendOptions) throws(ApusError) {
        self.options = options
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

    /// Whether the bootstrap that is given as a file is put into its place by the backend.
    var placesBootstrap: Bool {
        if case .sandbox = kind { true } else { false }
    }

    /// A disk for /tmp, where it is not to be memory. Disappears with the value.
    func disk(of function: FunctionConfiguration) throws(ApusError) -> TemporaryDisk? {
        options.tmp == .disk ? try TemporaryDisk(megabytes: function.ephemeralStorage) : nil
    }

    func backend(
        of function: FunctionConfiguration,
        code: PreparedCode,
        disk: TemporaryDisk?,
        emulation: CPUEmulation?
    ) throws -> any ExecutionBackend {
        switch kind {
        case .process:
            return ProcessBackend(taskRoot: code.taskRoot, layerRoots: code.layerRoots, emulation: emulation)
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
