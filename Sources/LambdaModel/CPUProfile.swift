/// A CPU that a function may run on: a name for the command line, its features, and the model that emulates it.
package struct CPUProfile: Sendable, Hashable {
    /// What the user writes: `rosetta2`, `x86-64-v2`, `qemu:Haswell`.
    package var name: String
    package var architecture: Architecture
    /// `nil` for a model of the installed qemu whose features Apus does not know: it can run, but not be judged.
    package var features: Set<CPUFeature>?
    /// The model for `qemu-x86_64 -cpu` or `qemu-aarch64 -cpu`; `nil` where no qemu emulates this CPU.
    package var emulatorModel: String?
    /// One line for people.
    package var summary: String

    package init(
        name: String,
        architecture: Architecture,
        features: Set<CPUFeature>?,
        emulatorModel: String?,
        summary: String
    ) {
        self.name = name
        self.architecture = architecture
        self.features = features
        self.emulatorModel = emulatorModel
        self.summary = summary
    }

    /// What no CPU of the profile lacks among a set of needed features.
    package func missing(from needed: Set<CPUFeature>) -> Set<CPUFeature> {
        guard let features else { return [] }
        return needed.subtracting(features)
    }
}
