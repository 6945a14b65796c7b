import Archive
import LambdaModel

/// `BuildMethod: c` or `cpp` with a Makefile that knows nothing of SAM: `make` in a copy of the sources; the program that
/// lies there afterwards becomes `bootstrap`.
struct PlainMakeBuild: CompiledSources {
    /// Real path.
    let directory: String

    var identity: [String] { ["plain make"] }
    var roots: [String] { [directory] }
    var tools: [String] { ["make", "cc", "c++", "gcc", "g++", "zig"] }

    func build(in context: BuildContext) async throws {
        let make = try context.tool("make", hint: MakefileBuild.installationHint)
        let toolchain = try await CToolchain.find(in: context)
        let copy = try Directory.createUnique(MakefileBuild.temporaryDirectory(context.environment) + "/apus-build-")
        defer { try? FileTree.remove(copy) }
        try TreeCopy.copy(try SourceTree.sources(directory, excludedPaths: context.excludedPaths), to: copy)
        // What the user's own make left there would hide a make that makes nothing.
        for name in ProgramChoice.programs(in: copy) { try FileTree.remove(copy + "/" + name) }
        try await context.run(command(make, toolchain, copy, context))
        let name = try ProgramChoice.choose(
            ProgramChoice.programs(in: copy),
            wanted: context.request.binary,
            kind: "program",
            place: directory + "/Makefile"
        )
        try TreeCopy.copyFile(copy + "/" + name, to: context.artifacts + "/bootstrap", permissions: 0o755)
    }

    /// Flags go by the environment, where a Makefile's own assignments win; but a cross compiler must win over `CC = gcc`.
    func command(
        _ make: String,
        _ toolchain: CToolchain,
        _ copy: String,
        _ context: BuildContext
    ) -> ToolCommand {
        let compilers = [("CC", toolchain.c), ("CXX", toolchain.cxx)].filter { !$0.1.isEmpty }
            .map { ($0.0, $0.1.joined(separator: " ")) }
        var environment = toolchain.isZig ? ZigTool.caches(context.scratch) : [:]
        // Should a recipe copy there after all: without it `cp bootstrap $(ARTIFACTS_DIR)/` means the root directory.
        environment["ARTIFACTS_DIR"] = context.artifacts
        for variable in ["CFLAGS", "CXXFLAGS"] {
            environment[variable] = toolchain.flags(context.target, own: context.words(variable)).joined(separator: " ")
        }
        var arguments: [String] = []
        for (name, value) in compilers {
            if toolchain.isCross { arguments.append("\(name)=\(value)") } else { environment[name] = value }
        }
        return ToolCommand(
            title: "make",
            program: make,
            arguments: arguments,
            environment: environment,
            directory: copy
        )
    }
}
