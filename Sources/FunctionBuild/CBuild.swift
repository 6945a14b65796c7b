import LambdaModel

/// `BuildMethod: c` or `cpp` without CMake and Makefile: all sources at the top of the directory become one program.
///
/// It is linked statically, since the C library of the building machine is mostly newer than Lambda's; `LDFLAGS` of the
/// user's own says otherwise.
struct CBuild: CompiledSources {
    /// Real path.
    let directory: String
    /// Names of the C, C++ and assembly files.
    let sources: [String]

    var identity: [String] { ["c"] }
    var roots: [String] { [directory] }
    var tools: [String] { ["cc", "c++", "gcc", "g++", "zig"] }

    static let suffixes = [".c", ".cc", ".cpp", ".cxx", ".s", ".S"]

    func build(in context: BuildContext) async throws {
        let toolchain = try await CToolchain.find(in: context)
        try await context.run(command(toolchain, context))
    }

    func command(_ toolchain: CToolchain, _ context: BuildContext) throws(ApusError) -> ToolCommand {
        let isCXX = Self.isCXX(sources)
        let compiler = isCXX ? try toolchain.requireCXX(context.target) : toolchain.c
        let own = context.words("CPPFLAGS") + context.words(isCXX ? "CXXFLAGS" : "CFLAGS")
        let linking = context.environment["LDFLAGS"] == nil ? ["-static"] : context.words("LDFLAGS")
        return ToolCommand(
            title: isCXX ? "c++" : "cc",
            program: compiler[0],
            arguments: compiler.dropFirst() + toolchain.flags(context.target, own: own) + linking
                + ["-o", context.artifacts + "/bootstrap"] + sources.map { "./" + $0 } + context.words("LDLIBS"),
            // zig alone reads it.
            environment: toolchain.isZig ? ZigTool.caches(context.scratch) : [:],
            directory: directory
        )
    }

    static func isCXX(_ names: [String]) -> Bool {
        names.contains { name in [".cc", ".cpp", ".cxx"].contains { name.hasSuffix($0) } }
    }
}
