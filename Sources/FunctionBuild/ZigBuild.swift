import Archive
import LambdaModel

/// `BuildMethod: zig`: `zig build` where there is a `build.zig`, else the one source file with a `main`.
struct ZigBuild: CompiledSources {
    /// Real path.
    let directory: String
    /// The file to compile; `nil`: `build.zig` decides.
    let rootSource: String?

    var identity: [String] { ["zig", rootSource ?? "build.zig"] }
    var roots: [String] { [directory] }
    var tools: [String] { ["zig"] }
    var outputDirectories: [String] { [".zig-cache", "zig-cache", "zig-out"].map { directory + "/" + $0 } }

    init(directory: String, names: [String]) throws(ApusError) {
        self.directory = directory
        guard !names.contains("build.zig") else {
            rootSource = nil
            return
        }
        let sources = names.filter { $0.hasSuffix(".zig") }
        guard
            let root = ["main.zig", "bootstrap.zig"].first(where: sources.contains)
                ?? (sources.count == 1 ? sources[0] : nil)
        else {
            throw ApusError(
                .buildInvalid,
                sources.isEmpty
                    ? "there is neither build.zig nor main.zig in '\(directory)'"
                    : "which of \(sources.joined(separator: ", ")) has the function main?",
                hint: "Name it main.zig, or add a build.zig."
            )
        }
        rootSource = root
    }

    func build(in context: BuildContext) async throws {
        guard let zig = await ZigTool.find(in: context) else { throw ZigTool.missing }
        let scratch = try context.makeScratch()
        guard rootSource == nil else {
            try await context.run(command(zig, scratch, context))
            return
        }
        let prefix = scratch + "/installed"
        try FileTree.remove(prefix)
        try await context.run(projectCommand(zig, scratch, prefix, context))
        let name = try ProgramChoice.choose(
            ProgramChoice.programs(in: prefix + "/bin"),
            wanted: context.request.binary,
            kind: "installed executable",
            place: directory + "/build.zig"
        )
        try TreeCopy.copyFile(prefix + "/bin/" + name, to: context.artifacts + "/bootstrap", permissions: 0o755)
    }

    /// Linked against musl where it needs a C library at all: statically, and so it runs everywhere.
    private func target(_ context: BuildContext) -> String { context.target.machine + "-linux-musl" }

    /// Checks stay in releases: a failed one names its line, where it would go on with nonsense otherwise.
    private func mode(_ context: BuildContext) -> String { context.target.isDebug ? "Debug" : "ReleaseSafe" }

    func command(_ zig: ZigTool, _ scratch: String, _ context: BuildContext) -> ToolCommand {
        let cpu = context.target.zigCPU.map { ["-mcpu=" + $0] } ?? ["-mcpu=baseline"]
        return zig.command(
            ["build-exe", "-O" + mode(context), "-target", target(context)] + cpu
                + ["-femit-bin=" + context.artifacts + "/bootstrap", rootSource ?? "main.zig"],
            title: "zig build-exe",
            scratch: scratch,
            directory: directory
        )
    }

    func projectCommand(_ zig: ZigTool, _ scratch: String, _ prefix: String, _ context: BuildContext) -> ToolCommand {
        zig.command(
            [
                "build", "--prefix", prefix, "-Doptimize=" + mode(context), "-Dtarget=" + target(context),
                "-Dcpu=" + (context.target.zigCPU ?? "baseline"),
            ],
            title: "zig build",
            scratch: scratch,
            directory: directory
        )
    }
}
