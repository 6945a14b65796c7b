extension CPUProfile {
    /// The profile that a user names: one of `named`, `host`, or `qemu:MODEL`.
    ///
    /// - Parameters:
    ///   - name: What the user wrote; upper and lower case are the same for the names of profiles, not for models.
    ///   - architecture: Of the function, where it is known: decides for models that both emulators have.
    ///   - host: Makes the profile `host`; called for that name only, because looking at the machine costs time. Without it
    ///     that profile has no features.
    /// - Throws: Code `cpu.unknown`, with the names that there are.
    package static func profile(
        named name: String,
        architecture: Architecture? = nil,
        host: () -> CPUProfile = { .host(architecture: .host, features: nil) }
    ) throws(ApusError) -> CPUProfile {
        let folded = name.lowercased()
        if folded == "host" { return host() }
        if let profile = named.first(where: { $0.name.lowercased() == folded }) { return profile }
        if folded.hasPrefix("qemu:"), let profile = emulated(model: String(name.dropFirst(5)), architecture) {
            return profile
        }
        throw ApusError(
            "cpu.unknown",
            "there is no CPU profile \(quoted(name))",
            hint: "known: host, \(named.map(\.name).joined(separator: ", ")), or qemu:MODEL with a model that"
                + " `qemu-x86_64 -cpu help` or `qemu-aarch64 -cpu help` lists"
        )
    }

    /// The profile `host`: this machine, without an emulator.
    package static func host(architecture: Architecture, features: Set<CPUFeature>?) -> CPUProfile {
        CPUProfile(
            name: "host",
            architecture: architecture,
            features: features,
            emulatorModel: nil,
            summary: "this machine, no emulation"
        )
    }

    /// `nil` for a text that cannot be a model's name: it becomes an argument of the emulator.
    private static func emulated(model: String, _ architecture: Architecture?) -> CPUProfile? {
        let allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.,+="
        guard let first = model.first, first.isLetter || first.isNumber, model.utf8.count <= 200,
            model.allSatisfy({ allowed.contains($0) })
        else { return nil }
        let machine = self.architecture(ofModel: model) ?? architecture ?? .x86_64
        let features = features(ofModel: model, architecture: machine)
        return CPUProfile(
            name: "qemu:" + model,
            architecture: machine,
            features: features,
            emulatorModel: model,
            summary: "qemu's model \(model)" + (features == nil ? ", whose features are not known here" : "")
        )
    }

    private static func quoted(_ name: String) -> String {
        // It comes from the command line and goes back to the terminal: visible ASCII only, and not a page of it.
        let visible = name.unicodeScalars.prefix(60).map { 0x20...0x7e ~= $0.value ? Character($0) : "?" }
        return "'" + String(visible) + "'"
    }
}
