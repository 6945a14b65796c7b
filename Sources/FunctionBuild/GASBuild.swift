import LambdaModel

/// `BuildMethod: gas`: assembly in GNU's syntax, all files at the top of the directory together. The C compiler assembles
/// and links, so `.S` files are preprocessed first and can serve both architectures.
struct GASBuild: CompiledSources {
    /// Real path.
    let directory: String
    let sources: [String]
    /// Whether the sources bring the entry point `_start`; else the C library's start code is linked, which calls `main`.
    let hasEntry: Bool

    var identity: [String] { ["gas"] }
    var roots: [String] { [directory] }
    var tools: [String] { ["cc", "gcc", "as", "ld", "zig"] }

    static let suffixes = [".s", ".S"]

    init(directory: String, sources: [String]) {
        self.directory = directory
        self.sources = sources
        hasEntry = AssemblyEntry.isDefined(in: sources.compactMap { TextFile.text(directory + "/" + $0) })
    }

    func build(in context: BuildContext) async throws {
        let toolchain = try await CToolchain.find(in: context)
        try await context.run(command(toolchain, context))
    }

    /// Without flags for a CPU: gas would refuse instructions that the author may guard himself.
    func command(_ toolchain: CToolchain, _ context: BuildContext) -> ToolCommand {
        let own = context.words("ASFLAGS")
        return ToolCommand(
            title: "cc",
            program: toolchain.c[0],
            arguments: toolchain.c.dropFirst() + ["-g", "-static"] + (hasEntry ? ["-nostdlib"] : []) + own
                + context.words("LDFLAGS") + ["-o", context.artifacts + "/bootstrap"] + sources.map { "./" + $0 }
                + context.words("LDLIBS"),
            environment: toolchain.isZig ? ZigTool.caches(context.scratch) : [:],
            directory: directory
        )
    }
}
