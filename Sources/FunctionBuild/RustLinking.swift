import LambdaModel

/// What links a Rust program.
enum RustLinking: Equatable, Sendable {
    /// The target's own linker, or the one that the user has named.
    case own
    /// A cross compiler; absolute path.
    case program(String)
    /// `cargo zigbuild` in the place of `cargo build`.
    case zigbuild
    /// zig, by scripts that are written for it.
    case zig(ZigLinker)

    /// - Parameters:
    ///   - host: the machine that the compiler runs on, as a triple.
    ///   - namesLinker: whether the user has named a linker for the target.
    ///   - zig: the installed zig.
    ///   - find: the path of an installed program.
    /// - Returns: `nil` where nothing is installed that links for the target.
    static func choose(
        _ target: RustTarget,
        host: String,
        namesLinker: Bool,
        runtime: FunctionRuntime?,
        zig: ZigTool?,
        find: (String) -> String?
    ) -> RustLinking? {
        let isOwnMachine = host.hasPrefix(target.triple.prefix { $0 != "-" } + "-")
        if namesLinker || isOwnMachine && host.contains("-linux-") { return .own }
        if let path = target.crossLinkers.lazy.compactMap(find).first { return .program(path) }
        if find("cargo-zigbuild") != nil { return .zigbuild }
        let linker = zig.map { ZigLinker(zig: $0, target: target, runtime: runtime) }
        return linker.flatMap { $0.isPossible ? .zig($0) : nil }
    }

    /// What is installed; throws where nothing is, and says how to get it.
    static func find(
        _ target: RustTarget,
        host: String,
        namesLinker: Bool,
        in context: BuildContext
    ) async throws(ApusError) -> RustLinking {
        func choice(_ zig: ZigTool?) -> RustLinking? {
            choose(
                target,
                host: host,
                namesLinker: namesLinker,
                runtime: context.request.runtime,
                zig: zig,
                find: context.find
            )
        }
        if let linking = choice(nil) { return linking }
        if let zig = await ZigTool.find(in: context), let linking = choice(zig) { return linking }
        throw ApusError(
            .buildToolMissing,
            "there is no linker for \(target.triple): '\(target.crossLinkers[0])' is not installed, or not in PATH",
            hint:
                "Install it: sudo apt-get install \(target.linkerPackage) (Debian, Ubuntu), or zig: pip install ziglang,"
                + " or cargo-zigbuild: cargo install cargo-zigbuild."
        )
    }

    /// The variables that make cargo, and build scripts, use it.
    ///
    /// - Parameter directory: for scripts, if there are any.
    func variables(_ target: RustTarget, scriptsIn directory: String) throws(ApusError) -> [String: String] {
        let linker = "CARGO_TARGET_\(target.variableName)_LINKER"
        switch self {
        case .own, .zigbuild: return [:]
        case .program(let path): return [linker: path]
        case .zig(let zig):
            let triple = target.triple.replacing("-", with: "_")
            let paths = try zig.write(to: directory)
            var variables = ZigTool.caches(directory)
            variables[linker] = paths["cc"]
            variables["CC_" + triple] = paths["cc"]
            variables["CXX_" + triple] = paths["c++"]
            return variables
        }
    }
}
