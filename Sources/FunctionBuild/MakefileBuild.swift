import Archive
import LambdaModel

/// `BuildMethod: makefile`: runs the target in a copy of the sources, which fills the artifact directory.
struct MakefileBuild {
    let rules: MakefileRules
    let context: BuildContext

    static let installationHint =
        "Install it: sudo apt-get install make (Debian, Ubuntu), dnf install make, xcode-select --install (macOS)."

    /// Not below the project: a copy in there would see the project's workspace files (Cargo, go.work, git) above it.
    static func temporaryDirectory(_ environment: [String: String]) -> String {
        environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
    }

    func run(_ tree: SourceTree) async throws {
        let tool = try BuildTool(named: "make", path: context.environment["PATH"], hint: Self.installationHint)
        let copy = try Directory.createUnique(Self.temporaryDirectory(context.environment) + "/apus-build-")
        defer { try? FileTree.remove(copy) }
        try TreeCopy.copy(tree, to: copy)
        var environment = context.environment.merging(await crossCompilers()) { own, _ in own }
        environment["ARTIFACTS_DIR"] = context.artifacts
        let directory =
            switch rules.workingDirectory {
            case .copy(let path): Paths.join(copy, path)
            case .place(let path): path
            }
        // A shell that trusts PWD would find the directory of apus in it.
        environment["PWD"] = directory
        let (logicalID, progress) = (context.request.logicalID, context.progress)
        let outcome = try await tool.run(
            ["--makefile", rules.makefile, rules.target],
            environment: environment,
            directory: directory
        ) { progress(.output(logicalID: logicalID, line: $0)) }
        guard outcome.exitStatus == 0 else { throw failure(outcome) }
    }

    /// `CC` and `CXX` for another architecture than this machine's: without them a Makefile that knows nothing of it makes
    /// a program that Lambda refuses. The user's own variables stay.
    private func crossCompilers() async -> [String: String] {
        guard !context.target.isHost, context.request.kind == .function,
            let toolchain = try? await CToolchain.find(in: context)
        else { return [:] }
        var variables = ["CC": toolchain.c.joined(separator: " ")]
        if !toolchain.cxx.isEmpty { variables["CXX"] = toolchain.cxx.joined(separator: " ") }
        return variables
    }

    private func failure(_ outcome: BuildTool.Outcome) -> BuildFailure {
        BuildFailure(
            logicalID: context.request.logicalID,
            error: lacksTarget(outcome) ? rules.missingTarget : failed(outcome.exitStatus),
            tool: "make",
            exitStatus: outcome.exitStatus,
            output: outcome.output
        )
    }

    /// make's own words depend on the language; that it names a target which the Makefile does not, does not.
    private func lacksTarget(_ outcome: BuildTool.Outcome) -> Bool {
        outcome.exitStatus == 2 && !rules.namesTarget && outcome.output.contains(rules.target)
    }

    private func failed(_ status: Int) -> ApusError {
        ApusError(
            .buildToolFailed,
            "make \(rules.target) \(BuildTool.ending(status))",
            hint: "The tool's output says why."
        )
    }
}
