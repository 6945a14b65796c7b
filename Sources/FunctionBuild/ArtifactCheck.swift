import LambdaModel

/// Looks at a new artifact before it takes its place.
struct ArtifactCheck {
    let plan: BuildPlan
    /// The artifact.
    let directory: String

    /// Throws for an artifact that is of no use.
    ///
    /// - Returns: what else is to be said of it.
    func warnings() throws(ApusError) -> [String] {
        let tree = try SourceTree.artifact(directory)
        guard tree.entries.contains(where: { $0.kind != .directory }) else { throw empty }
        let inspection = ArtifactInspection(request: plan.request, directory: directory)
        switch plan.action {
        case .shell: try inspection.checkScript()
        case .cargo, .compile: try inspection.checkProgram()
        // What the user or his Makefile makes is his affair, as in SAM.
        case .make, .copyTree, .copyFile, .unpack: break
        }
        return links(tree) + inspection.warnings
    }

    private var empty: ApusError {
        if case .make(let rules) = plan.action {
            return ApusError(
                .buildEmpty,
                "make \(rules.target) succeeded, but left nothing in ARTIFACTS_DIR",
                hint: "Let the target copy what it builds: cp bootstrap \"$(ARTIFACTS_DIR)\"/"
            )
        }
        return ApusError(
            .buildEmpty,
            "there are no files in '\(plan.source)'",
            hint: "Is CodeUri the right directory?"
        )
    }

    private func links(_ tree: SourceTree) -> [String] {
        tree.entries.compactMap { entry in
            guard case .link(let target) = entry.kind,
                !Paths.staysInside(target, from: Paths.parent(entry.path))
            else { return nil }
            return "'\(entry.path)' is a symbolic link to '\(target)', which is outside the artifact"
        }
    }
}
