import Inspection
import LambdaModel
import Sandbox

/// The CPU that a function runs on: the one that `--cpu` names, or the function's own where this machine has another
/// architecture.
struct SelectedCPU: Sendable {
    /// `nil`: natively, on this machine's own CPU.
    let emulation: CPUEmulation?
    /// One line for the user where something is emulated that was not asked for by name.
    let notice: String?
    private let emulated: CPUProfile?

    /// This machine's, or what a container engine gives.
    static let native = SelectedCPU(emulation: nil, notice: nil, emulated: nil)

    private init(emulation: CPUEmulation?, notice: String?, emulated: CPUProfile?) {
        self.emulation = emulation
        self.notice = notice
        self.emulated = emulated
    }

    /// The profile that a diagnosis compares with. Looking at this machine's CPU takes some 2 ms.
    var profile: CPUProfile {
        emulated ?? .host(architecture: .host, features: HostCPU.features())
    }

    /// - Parameters:
    ///   - name: what `--cpu` was given.
    ///   - architecture: the function's.
    ///   - bootstrap: what it starts; decides, without `--cpu`, whether another architecture is to be emulated.
    ///   - isStatic: whether the emulator has to do without this machine's libraries.
    init(
        named name: String?,
        architecture: Architecture,
        bootstrap: String?,
        isStatic: Bool = false
    ) throws(ApusError) {
        if let name {
            try self.init(asked: name, architecture, isStatic)
        } else {
            try self.init(for: architecture, bootstrap, isStatic)
        }
    }

    private init(asked name: String, _ architecture: Architecture, _ isStatic: Bool) throws(ApusError) {
        // The features of this machine matter only for a diagnosis.
        let profile = try CPUProfile.profile(named: name, architecture: architecture)
        guard profile.name == "host" || profile.architecture == architecture else {
            throw ApusError(
                "cpu.other-architecture",
                "\(profile.name) is an \(profile.architecture.rawValue) CPU, but the function is configured for "
                    + architecture.rawValue,
                hint: "Change Architectures in the template (or --architecture), or choose another CPU: "
                    + Self.names(of: architecture)
            )
        }
        emulation = try CPUEmulation.resolve(profile, environmentPATH: Self.path, isStatic: isStatic)
        emulated = emulation == nil ? nil : profile
        notice = emulation?.notice
    }

    /// Without `--cpu`: natively where the bootstrap can be executed here, else on the oldest CPU of Lambda's of that
    /// architecture.
    private init(for architecture: Architecture, _ bootstrap: String?, _ isStatic: Bool) throws(ApusError) {
        let profile = CPUProfile.lambda(architecture)
        emulation = try Self.emulation(of: profile, for: bootstrap, isStatic)
        emulated = emulation == nil ? nil : profile
        notice =
            emulation == nil
            ? nil
            : "this machine is \(Architecture.host.rawValue): \(architecture.rawValue) programs run under qemu as "
                + "\(profile.name), scripts and their commands natively"
    }

    private static func emulation(
        of profile: CPUProfile,
        for bootstrap: String?,
        _ isStatic: Bool
    ) throws(ApusError) -> CPUEmulation? {
        guard profile.architecture != .host, let bootstrap, let file = try? BinaryFile(path: bootstrap),
            let format = try? BootstrapFormat(of: file)
        else { return nil }
        switch format {
        case .elf(let header, _, _) where header.architecture == profile.architecture:
            return try CPUEmulation.resolve(profile, environmentPATH: path, isStatic: isStatic)
        case .script:
            // It may start programs of the function's architecture, and may as well not.
            return try? CPUEmulation.resolve(profile, environmentPATH: path, isStatic: isStatic)
        default:
            // A program of this machine's runs as it is, with a warning of its own.
            return nil
        }
    }

    private static func names(of architecture: Architecture) -> String {
        CPUProfile.named.filter { $0.architecture == architecture }.map(\.name).joined(separator: ", ")
    }

    private static var path: String {
        HostEnvironment.variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    }
}
