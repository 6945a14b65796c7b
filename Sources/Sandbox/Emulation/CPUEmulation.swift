internal import CLauncher
package import LambdaModel

/// A CPU that is not this machine's, emulated by qemu-user for every process of an environment.
///
/// The launcher traces all processes and puts the emulator in front of whatever they execute, so children run on the same
/// CPU as the bootstrap. Programs of the machine's own architecture run natively only when the emulated one is another:
/// then `/bin/sh` and its like are this machine's, because no other are here.
package struct CPUEmulation: Sendable, Hashable {
    /// Absolute path of qemu-user, without symbolic links.
    package let emulator: String
    /// The model as it was asked for, such as `Nehalem`; crash facts name it.
    package let model: String
    /// The value of qemu's option `-cpu`: the model without the features that qemu cannot emulate and would warn of.
    package let cpuOption: String
    /// The architecture of the programs that are emulated.
    package let architecture: Architecture
    /// Where libraries and the dynamic loader of that architecture are on this machine; `nil`: in the usual places.
    package let libraryPrefix: String?
    /// Directories whose programs must never run natively: the function's own. A program of another architecture there
    /// cannot be executed, as on Lambda.
    package var guardedDirectories: [String] = []

    init(emulator: String, model: String, cpuOption: String, architecture: Architecture, libraryPrefix: String?) {
        self.emulator = emulator
        self.model = model
        self.cpuOption = cpuOption
        self.architecture = architecture
        self.libraryPrefix = libraryPrefix
    }

    /// The same with the emulator at another path, as it is for processes in a room.
    func inRoom(emulatorAt path: String, hasLibraries: Bool) -> CPUEmulation {
        var result = CPUEmulation(
            emulator: path,
            model: model,
            cpuOption: cpuOption,
            architecture: architecture,
            libraryPrefix: hasLibraries ? libraryPrefix : nil
        )
        result.guardedDirectories = ["/var/task", "/opt"]
        return result
    }

    /// One line for the user about what the emulation does not cover; `nil` when it covers everything.
    package var notice: String? {
        guard architecture != .host else { return nil }
        return "only \(architecture.rawValue) programs are emulated (\(model)); "
            + "scripts and the commands that they call run with this machine's own \(Architecture.host.rawValue) tools"
    }

    /// `e_machine` of the ELF files that are emulated.
    private var machine: Int {
        switch architecture {
        case .x86_64: 62
        case .arm64: 183
        }
    }

    /// What the launcher reads (see CLauncher.h), each without the character that all entries of this kind begin with.
    var launcherEntries: [String] {
        var entries: [(kind: Int, value: String)] = [
            (Int(APUS_EMULATION_PROGRAM), emulator),
            (Int(APUS_EMULATION_CPU), cpuOption),
            (Int(APUS_EMULATION_MODEL), model),
            (Int(APUS_EMULATION_MACHINE), String(machine)),
        ]
        if let libraryPrefix { entries.append((Int(APUS_EMULATION_PREFIX), libraryPrefix)) }
        // The launcher takes 16; more layers than Lambda's five do not exist.
        entries += guardedDirectories.prefix(16).map { (Int(APUS_EMULATION_GUARDED), HostFile.realPath($0) ?? $0) }
        return entries.map { String(UnicodeScalar(UInt8(truncatingIfNeeded: $0.kind))) + $0.value }
    }

    /// What to tell the user of a launch that failed for want of permission to trace; `nil` for any other failure.
    package static func refusal(_ failure: LaunchFailure) -> ApusError? {
        guard case .exec(code: notPermitted, _) = failure else { return nil }
        return EmulatorTrial.unprotected
    }

    /// The errno of a `LauncherMessage.execFailed` that means: this machine lets Apus neither trace processes nor filter
    /// their calls, so children could run natively, and nothing was started.
    package static let notPermitted = Int32(APUS_EMULATION_NOT_PERMITTED)
}
