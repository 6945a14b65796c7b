import Archive
import LambdaModel

/// Builds one function or layer.
struct BuildJob {
    let request: BuildRequest
    let buildDirectory: String
    let cacheDirectory: String
    let useCache: Bool
    let environment: [String: String]
    let progress: @Sendable (BuildEvent) -> Void

    /// Start of the name of an artifact that is not complete yet.
    static let scratchPrefix = ".apus-building-"

    func run() async throws(BuildFailure) -> BuildResult {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let plan = try BuildPlan(request, environment: environment)
            let tree = try sourceTree(plan)
            let recordPath = cacheDirectory + "/" + request.logicalID + ".record"
            let record = BuildRecord(path: recordPath)
            let fingerprint = try fingerprint(plan, tree, known: record?.digests)
            if useCache, let record, record.fingerprint == fingerprint.text,
                record.artifact == ArtifactStamp.of(directory)
            {
                progress(.cached(logicalID: request.logicalID))
                return result(isCached: true)
            }
            progress(.started(logicalID: request.logicalID))
            try await make(plan, tree)
            try writeRecord(plan, tree, fingerprint, to: recordPath)
        } catch let failure as BuildFailure {
            throw failure
        } catch let error as ApusError {
            throw BuildFailure(logicalID: request.logicalID, error: error)
        } catch {
            throw BuildFailure(
                logicalID: request.logicalID,
                error: ApusError(.buildInputOutput, "the build failed: \(error)")
            )
        }
        progress(.finished(logicalID: request.logicalID, duration: clock.now - start))
        return result(isCached: false)
    }

    /// Where the artifact is in the end.
    private var directory: String { buildDirectory + "/" + request.logicalID }

    private func result(isCached: Bool) -> BuildResult {
        BuildResult(logicalID: request.logicalID, kind: request.kind, directory: directory, isCached: isCached)
    }

    /// What earlier builds left must not become part of the next one.
    private var excludedPaths: Set<String> {
        Set([buildDirectory, cacheDirectory].compactMap { Directory.realPath($0) })
    }

    private func sourceTree(_ plan: BuildPlan) throws(ApusError) -> SourceTree? {
        switch plan.action {
        case .copyFile, .unpack: return nil
        case .cargo:
            // cargo builds in place and reads what it needs itself.
            return nil
        case .copyTree, .make:
            let tree = try SourceTree.sources(plan.source, excludedPaths: excludedPaths)
            for path in tree.skipped {
                progress(
                    .warning(
                        logicalID: request.logicalID,
                        message: "left out '\(path)', which is neither a file nor a directory nor a link"
                    )
                )
            }
            return tree
        }
    }

    private func fingerprint(
        _ plan: BuildPlan,
        _ tree: SourceTree?,
        known: DigestCache?
    ) throws(ApusError) -> BuildFingerprint {
        try BuildFingerprint(
            plan,
            tree: tree,
            artifactDirectory: directory,
            excludedPaths: excludedPaths,
            environment: environment,
            known: known
        )
    }

    /// Builds into a new directory beside the artifact's place, and moves it there when it is complete.
    private func make(_ plan: BuildPlan, _ tree: SourceTree?) async throws {
        let scratch = try Directory.createUnique(buildDirectory + "/" + Self.scratchPrefix + request.logicalID + "-")
        defer { try? FileTree.remove(scratch) }
        // Makefiles may look at the name of ARTIFACTS_DIR, which is the logical ID in SAM.
        let new = scratch + "/" + request.logicalID
        try Directory.create(new)
        switch plan.action {
        case .copyTree:
            if let tree { try TreeCopy.copy(tree, to: new) }
        case .copyFile:
            let permissions = try Directory.permissions(plan.source)
            try TreeCopy.copyFile(plan.source, to: new + "/bootstrap", permissions: permissions)
        case .unpack:
            try Archive.extract(zip: plan.source, to: new)
        case .make(let rules):
            if let tree {
                try await MakefileBuild(
                    rules: rules,
                    request: request,
                    environment: environment,
                    artifacts: new,
                    progress: progress
                ).run(tree)
            }
        case .cargo(let project):
            try await CargoBuild(
                project: project,
                request: request,
                environment: environment,
                targetDirectory: cacheDirectory + "/cargo/" + ContentDigest.text(project.workspace.directory),
                artifacts: new,
                progress: progress
            ).run()
        }
        let artifact = try SourceTree.artifact(new)
        try check(artifact, plan)
        try Directory.exchange(new, with: directory)
    }

    private func check(_ artifact: SourceTree, _ plan: BuildPlan) throws(ApusError) {
        guard artifact.entries.contains(where: { $0.kind != .directory }) else {
            if case .make(let rules) = plan.action {
                throw ApusError(
                    .buildEmpty,
                    "make \(rules.target) succeeded, but left nothing in ARTIFACTS_DIR",
                    hint: "Let the target copy what it builds: cp bootstrap \"$(ARTIFACTS_DIR)\"/"
                )
            }
            throw ApusError(
                .buildEmpty,
                "there are no files in '\(plan.source)'",
                hint: "Is CodeUri the right directory?"
            )
        }
        for case let (path, .link(target)) in artifact.entries.map({ ($0.path, $0.kind) })
        where !Paths.staysInside(target, from: Paths.parent(path)) {
            progress(
                .warning(
                    logicalID: request.logicalID,
                    message: "'\(path)' is a symbolic link to '\(target)', which is outside the artifact"
                )
            )
        }
    }

    private func writeRecord(
        _ plan: BuildPlan,
        _ tree: SourceTree?,
        _ fingerprint: BuildFingerprint,
        to path: String
    ) throws(ApusError) {
        var fingerprint = fingerprint
        let ranInPlace =
            switch plan.action {
            case .make(let rules): if case .place = rules.workingDirectory { true } else { false }
            case .cargo: true
            default: false
            }
        if ranInPlace {
            // The tool may have left files there (cargo its Cargo.lock), which are no change of the sources.
            fingerprint = try self.fingerprint(plan, tree, known: fingerprint.digests)
        }
        guard let stamp = ArtifactStamp.of(directory) else { return }
        try BuildRecord(fingerprint: fingerprint.text, artifact: stamp, digests: fingerprint.digests).write(to: path)
    }
}
