import LambdaModel

/// `BuildMethod: nasm`: x86-64 assembly in NASM's syntax, all files at the top of the directory together.
struct NASMBuild: CompiledSources {
    /// Real path.
    let directory: String
    let sources: [String]
    /// Whether the sources bring the entry point `_start`; else the C library's start code is linked, which calls `main`.
    let hasEntry: Bool

    var identity: [String] { ["nasm"] }
    var roots: [String] { [directory] }
    var tools: [String] { ["nasm", "ld", "cc", "gcc", "zig"] }

    static let suffixes = [".asm", ".nasm"]

    init(directory: String, sources: [String]) {
        self.directory = directory
        self.sources = sources
        hasEntry = AssemblyEntry.isDefined(in: sources.compactMap { TextFile.text(directory + "/" + $0) })
    }

    func build(in context: BuildContext) async throws {
        guard context.target.architecture == .x86_64 else {
            throw ApusError(
                .buildInvalid,
                "nasm assembles for x86_64 only, and \(context.request.logicalID) is for arm64",
                hint: "Set Architectures: [x86_64], or write a .S file for arm64 in GNU's syntax."
            )
        }
        let nasm = try context.tool(
            "nasm",
            hint: "Install it: sudo apt-get install nasm (Debian, Ubuntu), dnf install nasm, brew install nasm."
        )
        let scratch = try context.makeScratch()
        for (index, source) in sources.enumerated() {
            try await context.run(assembling(nasm, source, Self.object(scratch, index), context))
        }
        let objects = sources.indices.map { Self.object(scratch, $0) }
        // Whoever writes assembly may have binutils and no C compiler.
        if hasEntry, context.target.isHost, let ld = context.find("ld") {
            try await context.run(linking(ld, objects, context))
        } else {
            let toolchain = try await CToolchain.find(in: context)
            try await context.run(linking(toolchain, objects, context))
        }
    }

    private static func object(_ scratch: String, _ index: Int) -> String { "\(scratch)/\(index).o" }

    func assembling(_ nasm: String, _ source: String, _ object: String, _ context: BuildContext) -> ToolCommand {
        ToolCommand(
            title: "nasm",
            program: nasm,
            arguments: ["-f", "elf64", "-g", "-F", "dwarf"] + context.words("ASFLAGS") + ["-o", object, "./" + source],
            directory: directory
        )
    }

    func linking(_ ld: String, _ objects: [String], _ context: BuildContext) -> ToolCommand {
        ToolCommand(
            title: "ld",
            program: ld,
            arguments: context.words("LDFLAGS") + ["-o", context.artifacts + "/bootstrap"] + objects
                + context.words("LDLIBS"),
            directory: directory
        )
    }

    func linking(_ toolchain: CToolchain, _ objects: [String], _ context: BuildContext) -> ToolCommand {
        ToolCommand(
            title: "cc",
            program: toolchain.c[0],
            // Assembly seldom is position-independent.
            arguments: toolchain.c.dropFirst() + ["-static", "-no-pie"] + (hasEntry ? ["-nostdlib"] : [])
                + context.words("LDFLAGS") + ["-o", context.artifacts + "/bootstrap"] + objects
                + context.words("LDLIBS"),
            environment: toolchain.isZig ? ZigTool.caches(context.scratch) : [:],
            directory: directory
        )
    }
}
