import LambdaModel

/// What the installed Rust compiler is and which targets it has.
struct RustToolchain: Equatable {
    /// The machine that the compiler runs on.
    var host: String
    /// The directory with `lib/rustlib`.
    var sysroot: String

    /// Asks the compiler that the build will use; `RUSTC` names another one, as for cargo.
    static func installed(
        in directory: String,
        environment: [String: String]
    ) async throws(ApusError) -> RustToolchain {
        let compiler = try BuildTool(
            named: environment["RUSTC"].flatMap { $0.isEmpty ? nil : $0 } ?? "rustc",
            path: environment["PATH"],
            hint: installationHint
        )
        // One call prints either the version or the sysroot, never both.
        var (text, errors) = ("", "")
        for question in [["--version", "--verbose"], ["--print", "sysroot"]] {
            let answer = try await compiler.capture(question, environment: environment, directory: directory)
            text += answer.text + "\n"
            errors += answer.errors
        }
        guard let toolchain = RustToolchain(text) else {
            throw ApusError(
                .buildToolFailed,
                "rustc does not say what it compiles for: \(errors.prefix(2_000))",
                hint: "Try rustc --version --verbose in the code's directory; rustup show names the toolchain."
            )
        }
        return toolchain
    }

    static let installationHint = "Install Rust with rustup, see https://rustup.rs, and open a new shell."

    init(host: String, sysroot: String) {
        self.host = host
        self.sysroot = sysroot
    }

    /// What `rustc --version --verbose` and `rustc --print sysroot` write. The sysroot is the only line that is a path.
    init?(_ text: String) {
        let lines = text.split(separator: "\n")
        guard let host = lines.first(where: { $0.hasPrefix("host: ") }),
            let sysroot = lines.first(where: { $0.hasPrefix("/") })
        else { return nil }
        self.init(host: String(host.dropFirst(6)), sysroot: String(sysroot))
    }

    /// Whether the standard library for the target is there.
    func has(_ target: RustTarget) -> Bool {
        Directory.isDirectory("\(sysroot)/lib/rustlib/\(target.triple)/lib")
    }

    /// The target to build for: what the user has set (`CARGO_BUILD_TARGET`, `build.target`), else the compiler's own
    /// machine, else another one that is installed.
    func target(for architecture: Architecture, preferred: String?) throws(ApusError) -> RustTarget {
        let own = [preferred, host].compactMap { $0 }.map(RustTarget.init).filter { $0.suits(architecture) }
        let candidates = own + RustTarget.candidates(architecture)
        // What the user asked for by name is not replaced by something else.
        let choices = preferred == own.first?.triple ? candidates.prefix(1) : candidates[...]
        if let target = choices.first(where: has) { return target }
        let wanted = choices.first?.triple ?? ""
        throw ApusError(
            .buildToolMissing,
            "the Rust compiler has no standard library for \(wanted), which \(architecture.rawValue) needs",
            hint: "Install it: rustup target add \(wanted)"
                + (own.isEmpty ? ". Linking needs \(RustTarget(triple: wanted).linkerPackage) or cargo-zigbuild." : "")
        )
    }

    /// What changes with the installed compiler, without running it: the programs in `PATH`, and since those are only
    /// fronts where rustup is installed, its settings and the compilers of its toolchains.
    static func stamps(_ environment: [String: String]) -> [String] {
        var paths = ["cargo", "rustc"].compactMap { name in
            try? BuildTool(named: name, path: environment["PATH"], hint: "").path
        }
        if let home = environment["RUSTUP_HOME"] ?? environment["HOME"].map({ $0 + "/.rustup" }) {
            paths.append(home + "/settings.toml")
            let toolchains = (try? Directory.names(home + "/toolchains")) ?? []
            paths += toolchains.prefix(100).map { "\(home)/toolchains/\($0)/bin/rustc" }
        }
        return paths.compactMap { path in FileStamp(path: path).map { "\(path) \($0.text)" } }
    }
}
