import Archive
import LambdaModel

/// `BuildMethod: makefile`: runs the target in a copy of the sources, which fills the artifact directory.
struct MakefileBuild {
    let rules: MakefileRules
    let request: BuildRequest
    let environment: [String: String]
    /// The directory for `ARTIFACTS_DIR`, which is there and empty.
    let artifacts: String
    let progress: @Sendable (BuildEvent) -> Void

    func run(_ tree: SourceTree) async throws {
        let tool = try BuildTool(
            named: "make",
            path: environment["PATH"],
            hint:
                "Install it: sudo apt-get install make (Debian, Ubuntu), dnf install make, xcode-select --install (macOS)."
        )
        // Not below the project: a copy in there would see the project's workspace files (Cargo, go.work, git) above it.
        let temporary = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        let copy = try Directory.createUnique(temporary + "/apus-build-")
        defer { try? FileTree.remove(copy) }
        try TreeCopy.copy(tree, to: copy)
        var environment = environment
        environment["ARTIFACTS_DIR"] = artifacts
        let directory =
            switch rules.workingDirectory {
            case .copy(let path): Paths.join(copy, path)
            case .place(let path): path
            }
        // A shell that trusts PWD would find the directory of apus in it.
        environment["PWD"] = directory
        let (logicalID, progress) = (request.logicalID, progress)
        let outcome = try await tool.run(
            ["--makefile", rules.makefile, rules.target],
            environment: environment,
            directory: directory
        ) { progress(.output(logicalID: logicalID, line: $0)) }
        guard outcome.exitStatus == 0 else { throw failure(outcome) }
    }

    private func failure(_ outcome: BuildTool.Outcome) -> BuildFailure {
        BuildFailure(
            logicalID: request.logicalID,
            error: lacksTarget(outcome) ? missingTarget : failed(outcome.exitStatus),
            tool: "make",
            exitStatus: outcome.exitStatus,
            output: outcome.output
        )
    }

    /// make's own words depend on the language; that it names a target which the Makefile does not, does not.
    private func lacksTarget(_ outcome: BuildTool.Outcome) -> Bool {
        outcome.exitStatus == 2 && !rules.namesTarget && outcome.output.contains(rules.target)
    }

    private var missingTarget: ApusError {
        let others = rules.targets.isEmpty ? "" : " It has \(rules.targets.joined(separator: ", "))."
        return ApusError(
            .buildNoTarget,
            "the Makefile '\(rules.makefile)' has no target '\(rules.target)'",
            hint: "Add one that copies what it builds to $(ARTIFACTS_DIR).\(others)"
        )
    }

    private func failed(_ status: Int) -> ApusError {
        let ending =
            status < 0
            ? "was ended by signal: \(SignalName.lambdaName(of: Int32(-status)))" : "failed with exit status \(status)"
        return ApusError(.buildToolFailed, "make \(rules.target) \(ending)", hint: "The tool's output says why.")
    }
}
