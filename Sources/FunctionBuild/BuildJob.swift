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
                warn(record.warnings)
                progress(.cached(logicalID: request.logicalID))
                return result(isCached: true)
            }
            progress(.started(logicalID: request.logicalID))
            if let detection = plan.detection, let method = detection.methodName, let because = detection.because {
                progress(.detected(logicalID: request.logicalID, method: method, because: because))
            }
            let warnings = try await make(plan, tree)
            warn(warnings)
            try writeRecord(plan, tree, fingerprint, warnings, to: recordPath)
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

    private func warn(_ messages: [String]) {
        for message in messages { progress(.warning(logicalID: request.logicalID, message: message)) }
    }

    /// What earlier builds left must not become part of the next one.
    private var excludedPaths: Set<String> {
        Set([buildDirectory, cacheDirectory].compactMap { Directory.realPath($0) })
    }

    private func sourceTree(_ plan: BuildPlan) throws(ApusError) -> SourceTree? {
        switch plan.action {
        case .copyFile, .unpack: return nil
        case .cargo, .compile:
            // They build in place and read what they need themselves.
            return nil
        case .copyTree, .shell, .make:
            let tree = try SourceTree.sources(plan.source, excludedPaths: excludedPaths)
            warn(tree.skipped.map { "left out '\($0)', which is neither a file nor a directory nor a link" })
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
    ///
    /// - Returns: what is to be said of the artifact.
    private func make(_ plan: BuildPlan, _ tree: SourceTree?) async throws -> [String] {
        let scratch = try Directory.createUnique(buildDirectory + "/" + Self.scratchPrefix + request.logicalID + "-")
        defer { try? FileTree.remove(scratch) }
        // Makefiles may look at the name of ARTIFACTS_DIR, which is the logical ID in SAM.
        let new = scratch + "/" + request.logicalID
        try Directory.create(new)
        try await fill(new, plan, tree)
        let check = ArtifactCheck(plan: plan, directory: new)
        let warnings = try check.warnings()
        try Directory.exchange(new, with: directory)
        return warnings
    }

    private func fill(_ artifacts: String, _ plan: BuildPlan, _ tree: SourceTree?) async throws {
        let context = context(plan, artifacts: artifacts)
        switch plan.action {
        case .copyTree, .shell:
            if let tree { try TreeCopy.copy(tree, to: artifacts) }
        case .copyFile:
            let permissions = try Directory.permissions(plan.source)
            try TreeCopy.copyFile(plan.source, to: artifacts + "/bootstrap", permissions: permissions)
        case .unpack:
            try Archive.extract(zip: plan.source, to: artifacts)
        case .make(let rules):
            if let tree { try await MakefileBuild(rules: rules, context: context).run(tree) }
        case .cargo(let project):
            try await CargoBuild(
                project: project,
                context: context,
                targetDirectory: cacheDirectory + "/cargo/" + ContentDigest.text(project.workspace.directory)
            ).run()
        case .compile(let sources):
            try await sources.build(in: context)
        }
    }

    private func context(_ plan: BuildPlan, artifacts: String) -> BuildContext {
        let target = CompilationTarget(request, environment: environment)
        // What tools keep is of no use, or in the way, when it was made for something else.
        let key = [plan.source, target.machine, target.isDebug ? "debug" : "release", target.cpu ?? ""]
        return BuildContext(
            request: request,
            environment: environment,
            target: target,
            artifacts: artifacts,
            scratch:
                "\(cacheDirectory)/scratch/\(request.logicalID)-\(ContentDigest.text(key.joined(separator: "\n")).prefix(16))",
            excludedPaths: excludedPaths,
            progress: progress
        )
    }

    private func writeRecord(
        _ plan: BuildPlan,
        _ tree: SourceTree?,
        _ fingerprint: BuildFingerprint,
        _ warnings: [String],
        to path: String
    ) throws(ApusError) {
        var fingerprint = fingerprint
        let ranInPlace =
            switch plan.action {
            case .make(let rules): if case .place = rules.workingDirectory { true } else { false }
            case .cargo, .compile: true
            default: false
            }
        if ranInPlace {
            // The tool may have left files there (cargo its Cargo.lock), which are no change of the sources.
            fingerprint = try self.fingerprint(plan, tree, known: fingerprint.digests)
        }
        guard let stamp = ArtifactStamp.of(directory) else { return }
        try BuildRecord(
            fingerprint: fingerprint.text,
            artifact: stamp,
            digests: fingerprint.digests,
            warnings: warnings
        ).write(to: path)
    }
}
