package import LambdaModel

/// The backend `sandbox`: the function runs in a room of its own that is furnished as on Lambda (Linux).
///
/// What a function can reach is decided here and in the extensions beside this file, nowhere else. Sources: 02 §8 and 04 of
/// the design.
package struct SandboxBackend: ExecutionBackend, Hashable {
    /// What is /var/task: a directory of this machine.
    package var taskRoot: String
    /// A file of this machine that takes the place of /var/task/bootstrap.
    package var bootstrapFile: String?
    /// Directories that together are /opt, the winning one first.
    package var layerRoots: [String]
    /// With the paths of this machine.
    package var emulation: CPUEmulation?
    /// In MB.
    package var memorySize: Int
    /// Size of /tmp, in MB.
    package var ephemeralStorage: Int
    package var network = Network.host
    /// The root of an Amazon Linux file system; `nil`: this machine's own programs and libraries.
    package var rootfs: String?
    /// A file with an ext4 file system that becomes /tmp; `nil`: a tmpfs.
    package var disk: String?
    /// Whether calls of the 32-bit ABI (int 0x80) end in SIGSEGV.
    package var isABIStrict = false
    let support: SandboxSupport

    package enum Network: String, Sendable, Hashable, CaseIterable {
        /// This machine's, with a Runtime API port for each environment.
        case host
        /// Only a loopback interface of its own.
        case none
    }

    /// Lambda's: `sbx_user1051` and its group.
    static let functionUser = RoomSpecification.User(user: 993, group: 990)
    /// Processes and threads of a function.
    static let processLimit = 1024
    /// Of the Runtime API in a network of its own, as on Lambda.
    static let runtimeAPIPort = 9001

    package init(
        function: FunctionConfiguration,
        taskRoot: String,
        layerRoots: [String] = [],
        support: SandboxSupport
    ) {
        self.taskRoot = taskRoot
        self.layerRoots = layerRoots
        self.support = support
        memorySize = function.memorySize
        ephemeralStorage = function.ephemeralStorage
    }

    package var view: FunctionView {
        var view = FunctionView()
        view.runtimeAPIPort = network == .none ? Self.runtimeAPIPort : nil
        return view
    }

    package var notice: String? {
        var missing: [String] = []
        if rootfs == nil { missing.append("no Amazon Linux libraries (--rootfs DIR)") }
        if case .absent = isolation.guarantees[.memoryLimit] { missing.append("no memory limit") }
        return missing.isEmpty ? nil : "backend sandbox: " + missing.joined(separator: ", ")
    }

    package func specification(
        of entrypoint: Entrypoint,
        environment: [String: String]
    ) throws(LaunchFailure) -> LaunchSpecification {
        var specification = entrypoint.specification(environment: environment)
        specification.room = try room()
        return specification
    }

    package func hostPath(of path: String) -> String {
        if path == "/var/task/bootstrap", let bootstrapFile { return bootstrapFile }
        if let rest = Self.path(path, below: "/var/task") { return taskRoot + rest }
        if let rest = Self.path(path, below: "/opt") {
            return layerRoots.map { $0 + rest }.first { HostFile.kind($0) != nil } ?? path
        }
        return (rootfs ?? "") + path
    }

    package func shows(_ path: String) -> Bool {
        rootfs == nil && Self.systemDirectories.contains { path.hasPrefix("/\($0)/") }
    }

    package var isOtherUser: Bool { support.outerUser == nil }

    /// Directories of this machine's programs and libraries, where it has them.
    static let systemDirectories = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "nix", "gnu"]

    /// The emulation as the room's processes find it.
    var roomEmulation: CPUEmulation? {
        guard let emulation else { return nil }
        let path = placesEmulator ? Self.emulatorPlace : emulation.emulator
        return emulation.inRoom(emulatorAt: path, hasLibraries: rootfs == nil)
    }

    /// Whether the emulator is not in the room anyway.
    var placesEmulator: Bool { emulation.map { !shows($0.emulator) } ?? false }

    static let emulatorPlace = "/var/apus/qemu"

    private static func path(_ path: String, below directory: String) -> String? {
        guard path.hasPrefix(directory + "/") else { return nil }
        return String(path.dropFirst(directory.count))
    }
}
