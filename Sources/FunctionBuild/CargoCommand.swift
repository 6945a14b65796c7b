import LambdaModel

/// The call of cargo for a function: what cargo-lambda would do for it, but for an older CPU, as a value.
///
/// Sources: cargo-lambda's guide "Release optimizations"; The Cargo Book, "Configuration" (`build.rustflags`: the four
/// places flags come from exclude each other, lists of files and variables are joined) and "Profiles".
struct CargoCommand: Equatable {
    var arguments: [String]
    /// Variables besides the inherited ones.
    var environment: [String: String]
    /// What the user may want to know about the choice, for a warning line.
    var note: String?

    /// What decides about the call.
    struct Inputs {
        var project: CargoProject
        var target: RustTarget
        var compilation: CompilationTarget
        var package: String
        var binary: String
        var targetDirectory: String
        /// Links by `cargo zigbuild`.
        var usesZigbuild = false
        /// What makes cargo link for a target of another machine.
        var linkerVariables: [String: String] = [:]
    }

    init(_ inputs: Inputs, environment host: [String: String]) {
        arguments = [
            inputs.usesZigbuild ? "zigbuild" : "build", "--manifest-path", inputs.project.manifestPath, "--package",
            inputs.package, "--bin", inputs.binary, "--target", inputs.target.triple, "--target-dir",
            inputs.targetDirectory,
        ]
        environment = inputs.linkerVariables
        if !inputs.compilation.isDebug {
            arguments.append("--release")
            addProfile(inputs, host)
        }
        addTargetCPU(inputs, host)
    }

    /// A key or triple as cargo's variables name it.
    static func variableName(_ key: String) -> String {
        String(key.uppercased().map { $0 == "-" || $0 == "." ? "_" : $0 })
    }

    /// cargo-lambda's release settings wherever the user has none. But not its `strip`: line tables stay, so that a crash can
    /// be told by source line. With the symbols they cost 2.0 MB in a small function, which the user's own `strip` or `debug` saves.
    private mutating func addProfile(_ inputs: Inputs, _ host: [String: String]) {
        func isSet(_ key: String) -> Bool {
            inputs.project.hasProfileSetting(key, profile: "release", environment: host)
        }
        for (key, value) in [("lto", "thin"), ("codegen-units", "1"), ("panic", "abort")] where !isSet(key) {
            environment["CARGO_PROFILE_RELEASE_\(Self.variableName(key))"] = value
        }
        if !isSet("debug"), !isSet("strip") {
            environment["CARGO_PROFILE_RELEASE_DEBUG"] = "line-tables-only"
        }
    }

    /// An explicit CPU comes last and wins (rustc takes the last `target-cpu`); the default of a release leaves the
    /// user's own alone. Flags are added to the place that cargo would take them from, so that none of them is lost.
    private mutating func addTargetCPU(_ inputs: Inputs, _ host: [String: String]) {
        let place = FlagPlace(inputs.project, inputs.target, host)
        let own = Self.targetCPU(in: place.flags)
        guard let cpu = inputs.compilation.cpu else { return }
        if inputs.compilation.explicitCPU == nil, let own {
            note = "compiling for \(own), which \(place.name) asks for, and not for \(cpu)"
            addNativeFlags(own, inputs, host)
            return
        }
        addNativeFlags(cpu, inputs, host)
        if place.isOverruled {
            environment["CARGO_ENCODED_RUSTFLAGS"] =
                (place.flags + ["-C", "target-cpu=\(cpu)"]).joined(separator: "\u{1F}")
            return
        }
        let old = host[place.variable] ?? ""
        environment[place.variable] =
            old + (old.isEmpty ? "" : place.separator) + "-C" + place.separator + "target-cpu=\(cpu)"
    }

    /// C and C++ that build scripts compile (the crate `cc` and those that go by it) get the same CPU. The crate takes the
    /// first of these variables alone, so what the user has for all targets is repeated.
    private mutating func addNativeFlags(_ cpu: String, _ inputs: Inputs, _ host: [String: String]) {
        let triple = inputs.target.triple.replacing("-", with: "_")
        for name in ["CFLAGS", "CXXFLAGS"] {
            let places = ["\(name)_\(inputs.target.triple)", "\(name)_\(triple)", "TARGET_\(name)", name]
            let own = (places.lazy.compactMap { host[$0] }.first ?? "").split(separator: " ").map(String.init)
            let namesCPU = own.contains { $0.hasPrefix("-march=") || $0.hasPrefix("-mcpu=") }
            guard inputs.compilation.explicitCPU != nil || !namesCPU else { continue }
            // The first place wins over the second; what a shell can set is the second.
            let place = host[places[0]] == nil ? places[1] : places[0]
            environment[place] = (own + [inputs.compilation.cFlag(cpu)]).joined(separator: " ")
        }
    }

    /// The last CPU that flags name: `-C target-cpu=X`, `-Ctarget-cpu=X`, `--codegen=target-cpu=X`.
    static func targetCPU(in flags: [String]) -> String? {
        for flag in flags.reversed() {
            for prefix in ["target-cpu=", "-Ctarget-cpu=", "--codegen=target-cpu="] where flag.hasPrefix(prefix) {
                return String(flag.dropFirst(prefix.count))
            }
        }
        return nil
    }
}

extension CargoCommand {
    /// The one place that cargo takes the compiler's flags from, and the variable that adds to it.
    struct FlagPlace {
        /// For people.
        var name: String
        var variable: String
        var separator: String
        /// What is there already.
        var flags: [String]
        /// Whether a `target.'cfg(…)'` names a CPU. cargo puts such flags last, so that a CPU that is to win over them can
        /// only be given with all flags together, whose conditions are taken as true.
        var isOverruled = false

        init(_ project: CargoProject, _ target: RustTarget, _ environment: [String: String]) {
            let own = "CARGO_TARGET_\(target.variableName)_RUSTFLAGS"
            let files = project.configurations
            separator = " "
            if let text = environment["CARGO_ENCODED_RUSTFLAGS"] {
                (name, variable, separator) = ("CARGO_ENCODED_RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "\u{1F}")
                flags = text.split(separator: "\u{1F}").map(String.init)
            } else if let text = environment["RUSTFLAGS"] {
                (name, variable) = ("RUSTFLAGS", "RUSTFLAGS")
                flags = Self.words(text)
            } else if let file = files.first(where: {
                $0.targetFlags(target.triple) != nil || $0.conditionalFlags != nil
            }) {
                (name, variable) = (file.path, own)
                let conditional = files.reversed().flatMap { $0.conditionalFlags ?? [] }
                flags = files.reversed().flatMap { $0.targetFlags(target.triple) ?? [] } + Self.words(environment[own])
                flags += conditional
                isOverruled = CargoCommand.targetCPU(in: conditional) != nil
            } else if let text = environment[own] {
                (name, variable, flags) = (own, own, Self.words(text))
            } else {
                let file = files.first { $0.buildFlags != nil }
                (name, variable) = (file?.path ?? "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS")
                flags = files.reversed().flatMap { $0.buildFlags ?? [] } + Self.words(environment[variable])
            }
        }

        private static func words(_ text: String?) -> [String] {
            text?.split(separator: " ").map(String.init) ?? []
        }
    }
}
