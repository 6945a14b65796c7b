import LambdaModel

/// The compilers of C and C++ for a target: this machine's own, a cross compiler of the distribution, or zig.
struct CToolchain: Equatable, Sendable {
    /// Program and leading arguments. The first is an absolute path.
    var c: [String]
    /// Empty where there is none.
    var cxx: [String]
    /// Makes programs for another machine than this one.
    var isCross: Bool
    /// `true`: it is zig, which takes its CPU in other words.
    var isZig = false

    /// - Parameters:
    ///   - find: the path of an installed program.
    ///   - zig: the installed zig.
    /// - Returns: `nil` where nothing is installed that compiles for the target.
    static func choose(
        _ target: CompilationTarget,
        environment: [String: String],
        zig: ZigTool?,
        find: (String) -> String?
    ) -> CToolchain? {
        if target.isHost, let c = own("CC", ["cc", "gcc", "clang"], environment, find) {
            let cxx = own("CXX", ["c++", "g++", "clang++"], environment, find) ?? []
            return CToolchain(c: c, cxx: cxx, isCross: false)
        }
        for prefix in crossPrefixes(target) where !target.isHost {
            guard let c = find(prefix + "gcc") else { continue }
            return CToolchain(c: [c], cxx: find(prefix + "g++").map { [$0] } ?? [], isCross: true)
        }
        guard let zig else { return nil }
        // musl, whatever is linked how: zig refuses to link glibc statically.
        let arguments = ["-target", "\(target.machine)-linux-musl"]
        return CToolchain(
            c: [zig.program] + zig.leading + ["cc"] + arguments,
            cxx: [zig.program] + zig.leading + ["c++"] + arguments,
            isCross: !target.isHost,
            isZig: true
        )
    }

    /// The compilers for a build; throws where there are none, and says how to get them.
    static func find(in context: BuildContext) async throws(ApusError) -> CToolchain {
        let (target, environment) = (context.target, context.environment)
        func choice(_ zig: ZigTool?) -> CToolchain? {
            choose(target, environment: environment, zig: zig, find: context.find)
        }
        // Asking for zig may start Python, so it comes second.
        if let toolchain = choice(nil) { return toolchain }
        if let zig = await ZigTool.find(in: context), let toolchain = choice(zig) { return toolchain }
        throw missing(target)
    }

    /// The same for a C++ compiler.
    func requireCXX(_ target: CompilationTarget) throws(ApusError) -> [String] {
        guard cxx.isEmpty else { return cxx }
        let name = isCross ? "\(target.machine)-linux-gnu-g++" : "c++"
        let package = isCross ? "g++-\(target.machine.replacing("_", with: "-"))-linux-gnu" : "g++"
        throw ApusError(
            .buildToolMissing,
            "there is no C++ compiler: '\(name)' is not installed, or not in PATH",
            hint: "Install it: sudo apt-get install \(package) (Debian, Ubuntu)."
        )
    }

    static func missing(_ target: CompilationTarget) -> ApusError {
        guard !target.isHost else {
            return ApusError(
                .buildToolMissing,
                "there is no C compiler: 'cc' is not installed, or not in PATH",
                hint: "Install it: sudo apt-get install gcc libc6-dev (Debian, Ubuntu), dnf install gcc."
            )
        }
        let name = "\(target.machine)-linux-gnu-gcc"
        let package = "gcc-\(target.machine.replacing("_", with: "-"))-linux-gnu"
        return ApusError(
            .buildToolMissing,
            "there is no C compiler for \(target.architecture.rawValue): neither '\(name)' nor zig is installed",
            hint: "Install one: sudo apt-get install \(package) (Debian, Ubuntu), or pip install ziglang."
        )
    }

    /// Programs that compile for a target on another machine, as Debian, musl's toolchains and others name them.
    private static func crossPrefixes(_ target: CompilationTarget) -> [String] {
        ["linux-gnu", "linux-musl", "unknown-linux-gnu", "unknown-linux-musl"].map { "\(target.machine)-\($0)-" }
    }

    /// A variable as `CC="ccache gcc"`, or the first of the usual names that is installed.
    private static func own(
        _ variable: String,
        _ names: [String],
        _ environment: [String: String],
        _ find: (String) -> String?
    ) -> [String]? {
        let words = (environment[variable] ?? "").split(separator: " ").map(String.init)
        if let name = words.first, let path = find(name) { return [path] + words.dropFirst() }
        return names.lazy.compactMap(find).first.map { [$0] }
    }
}

extension CToolchain {
    /// Compiler flags for the target, the user's own among them.
    func flags(_ target: CompilationTarget, own: [String]) -> [String] {
        guard isZig else { return target.cFlags(own: own) }
        // zig takes CPUs by its own names, and one option for both architectures.
        let cpu = target.zigCPU.map { ["-mcpu=" + $0] } ?? []
        let own = target.explicitCPU == nil ? cpu + own : own + cpu
        return (target.isDebug ? ["-O0", "-g"] : ["-O2", "-g1"]) + own
    }
}
