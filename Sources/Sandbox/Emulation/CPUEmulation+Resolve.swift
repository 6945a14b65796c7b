package import LambdaModel

extension CPUEmulation {
    /// The emulation of a profile; `nil` for `host`, which needs none.
    ///
    /// - Throws: As `resolve(model:architecture:environmentPATH:)`, and `cpu.not-emulated` for a CPU that qemu-user has no
    ///   model of.
    package static func resolve(
        _ profile: CPUProfile,
        environmentPATH: String,
        isStatic: Bool = false
    ) throws(ApusError) -> CPUEmulation? {
        if let model = profile.emulatorModel {
            return try resolve(
                model: model,
                architecture: profile.architecture,
                environmentPATH: environmentPATH,
                isStatic: isStatic
            )
        }
        if profile.name == "host" { return nil }
        throw ApusError(
            "cpu.not-emulated",
            "the CPU \(profile.name) (\(profile.summary)) cannot be emulated: qemu-user has no model of it",
            hint: "run on a machine with that CPU, or choose another with --cpu"
        )
    }

    /// Finds the emulator and tries the model out, which takes 10 to 50 ms: call it once for a command.
    ///
    /// - Parameters:
    ///   - model: A model of qemu's, with its own properties if wanted: `Nehalem`, `Haswell,-avx2`.
    ///   - architecture: The model's.
    ///   - environmentPATH: The directories in which to look for the emulator, separated by colons.
    ///   - isStatic: Whether it has to do without libraries: a root file system from elsewhere has others.
    /// - Throws: `cpu.no-emulator` when it is not installed or does not start, `cpu.unknown-model`, and
    ///   `cpu.children-unprotected` where this machine permits no tracing, so that children could run natively.
    package static func resolve(
        model: String,
        architecture: Architecture,
        environmentPATH: String,
        isStatic: Bool = false
    ) throws(ApusError) -> CPUEmulation {
        #if os(Linux)
        guard let emulator = find(programs(of: architecture), in: environmentPATH, isStatic: isStatic) else {
            throw isStatic ? noStaticEmulator(architecture) : noEmulator(architecture)
        }
        // A comma ends the model's name and begins its properties; the rest of the command line is out of reach.
        guard !model.isEmpty, !model.hasPrefix("-"), model.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw unknownModel(model, emulator: emulator, reason: "it is no name of a model")
        }
        let plain = CPUEmulation(
            emulator: emulator,
            model: String(model.prefix { $0 != "," }),
            cpuOption: model,
            architecture: architecture,
            libraryPrefix: libraryPrefix(of: architecture)
        )
        let missing = try EmulatorTrial(of: plain).unsupportedFeatures()
        guard !missing.isEmpty else { return plain }
        return CPUEmulation(
            emulator: emulator,
            model: plain.model,
            cpuOption: ([model] + missing.map { "-" + $0 }).joined(separator: ","),
            architecture: architecture,
            libraryPrefix: plain.libraryPrefix
        )
        #else
        throw ApusError(
            "cpu.no-emulator",
            "another CPU can be emulated on Linux only: qemu-user, which does it, does not exist for this system",
            hint: "run apus in a Linux virtual machine or container, or without --cpu"
        )
        #endif
    }

    /// qemu-user's names for its emulator of an architecture; distributions have the one, the other or both.
    private static func programs(of architecture: Architecture) -> [String] {
        let name =
            switch architecture {
            case .x86_64: "qemu-x86_64"
            case .arm64: "qemu-aarch64"
            }
        return [name, name + "-static"]
    }

    private static func find(_ names: [String], in path: String, isStatic: Bool) -> String? {
        for name in names {
            for directory in path.split(separator: ":") where directory.hasPrefix("/") {
                let file = directory + "/" + name
                guard HostFile.isExecutable(file), let real = HostFile.realPath(file) else { continue }
                if !isStatic || HostFile.isStaticProgram(real) { return real }
            }
        }
        return nil
    }

    /// Where Debian, Fedora and their descendants put the libraries of another architecture for cross compilation.
    private static func libraryPrefix(of architecture: Architecture) -> String? {
        guard architecture != .host else { return nil }
        let triple =
            switch architecture {
            case .x86_64: "x86_64-linux-gnu"
            case .arm64: "aarch64-linux-gnu"
            }
        return ["/usr/\(triple)", "/usr/\(triple)/sys-root"].first { HostFile.kind($0 + "/lib") == .directory }
    }

    static func noEmulator(_ architecture: Architecture) -> ApusError {
        ApusError(
            "cpu.no-emulator",
            "the CPU cannot be emulated: there is no \(programs(of: architecture)[0]) in PATH",
            hint: "install qemu-user (Debian, Ubuntu: apt-get install qemu-user; Fedora: dnf install qemu-user)"
        )
    }

    static func noStaticEmulator(_ architecture: Architecture) -> ApusError {
        ApusError(
            "cpu.no-static-emulator",
            "the CPU cannot be emulated in a root file system from elsewhere: "
                + "there is no \(programs(of: architecture)[0]) in PATH that needs no libraries",
            hint: "install qemu-user-static (Debian, Ubuntu: apt-get install qemu-user-static), or leave --rootfs out"
        )
    }

    static func unknownModel(_ model: String, emulator: String, reason: String) -> ApusError {
        ApusError(
            "cpu.unknown-model",
            "'\(model.filter { !$0.isNewline && $0.isASCII })' is no CPU that can be emulated: \(reason)",
            hint: "`\(emulator) -cpu help` lists the models"
        )
    }
}
