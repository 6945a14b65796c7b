internal import Dispatch
package import LambdaModel
internal import Synchronization

/// Looks into every file of a package, several at once.
package struct PackageInspection: Sendable {
    /// What the user calls the package.
    package var title: String
    /// For what it is meant; `nil`: the architecture of its files.
    package var architecture: Architecture?
    package var runtime: FunctionRuntime?
    package var handler: String
    package var build: BuildDriver
    /// `nil`: everything is found out anew, and nothing is kept.
    package var cache: AnalysisCache?

    package init(
        title: String,
        architecture: Architecture? = nil,
        runtime: FunctionRuntime? = nil,
        handler: String = "",
        build: BuildDriver = .unknown,
        cache: AnalysisCache?
    ) {
        self.title = title
        self.architecture = architecture
        self.runtime = runtime
        self.handler = handler
        self.build = build
        self.cache = cache
    }

    /// Reads and judges; takes as long as the code is large, on all processors.
    ///
    /// - Parameter profiles: the CPUs that were asked for; none: all with a name, and Lambda's decides.
    package func inspect(_ contents: PackageContents, profiles: [CPUProfile] = []) -> InspectionReport {
        let images = contents.artifacts.map { Self.architecture(of: $0) }
        let architecture = architecture ?? images.lazy.compactMap { $0 }.first ?? .host
        let image = LambdaImage.image(for: runtime)
        let startup = StartupInspection(architecture: architecture, image: image, handler: handler)
        let isShown = { (profile: CPUProfile) in profile.architecture == architecture }
        return InspectionReport(
            title: title,
            architecture: architecture,
            image: image,
            build: build,
            profiles: profiles.isEmpty ? CPUProfile.named.filter(isShown) : profiles,
            decisive: profiles.isEmpty ? [CPUProfile.lambda(architecture).name] : Set(profiles.map(\.name)),
            artifacts: reports(on: contents, startup),
            findings: startup.findings(on: contents),
            omissions: contents.omissions
        )
    }

    private func reports(on contents: PackageContents, _ startup: StartupInspection) -> [ArtifactReport] {
        let results = Mutex<[Int: ArtifactReport]>([:])
        let state = state(of: contents, startup)
        DispatchQueue.concurrentPerform(iterations: contents.artifacts.count) { index in
            let report = report(on: contents.artifacts[index], in: contents, state, startup)
            results.withLock { $0[index] = report }
        }
        return results.withLock { results in contents.artifacts.indices.compactMap { results[$0] } }
    }

    private func report(
        on artifact: PackageContents.Artifact,
        in contents: PackageContents,
        _ state: String?,
        _ startup: StartupInspection
    ) -> ArtifactReport {
        let subject = state.map { artifact.path + " " + artifact.shownPath + " " + $0 }
        if let known = subject.flatMap({ cache?.findings(for: $0) }),
            let analysis = cache?.analysis(ofFile: artifact.path)
        {
            return Self.report(on: artifact, known, analysis)
        }
        let isCode = artifact.kind == .program || artifact.kind == .sharedObject
        let identity = FileStamp(path: artifact.path)
        let image = isCode ? try? artifact.image() : nil
        let findings = FileFindings(
            program: image.map { ProgramFacts(of: $0) },
            findings: startup.findings(on: artifact, in: contents, program: image)
        )
        if let subject { cache?.keep(findings, for: subject) }
        guard let image, image.architecture != nil else { return Self.report(on: artifact, findings, nil) }
        do throws(CPUInspection.Failure) {
            let analysis = try CPUInspection.analyse(image, identity: identity, cache: cache)
            return Self.report(on: artifact, findings, analysis)
        } catch {
            var report = Self.report(on: artifact, findings, nil)
            report.obstacle = error.description
            return report
        }
    }

    private static func report(
        on artifact: PackageContents.Artifact,
        _ found: FileFindings,
        _ analysis: CPUAnalysis?
    ) -> ArtifactReport {
        let systemCalls = analysis?.int80.map { [finding($0, artifact)] } ?? []
        return ArtifactReport(
            artifact: artifact,
            findings: found.findings + systemCalls,
            program: found.program,
            analysis: analysis
        )
    }

    /// All that findings depend on: every file of the package, and for what it is meant. `nil` while a file may still
    /// change without a trace.
    private func state(of contents: PackageContents, _ startup: StartupInspection) -> String? {
        guard cache != nil else { return nil }
        var fields = [startup.architecture.rawValue, startup.image.runtime, startup.handler]
        fields += contents.roots.flatMap { [$0.path, $0.lambdaPath] }
        for artifact in contents.artifacts {
            guard let identity = FileStamp(path: artifact.path), identity.isSettled() else { return nil }
            fields += [artifact.shownPath, artifact.role.rawValue, identity.text]
        }
        return AnalysisCache.digest(Array(AnalysisRecord.text([fields]).utf8))
    }

    /// 32-bit system calls of a 64-bit program.
    private static func finding(_ witness: CPUWitness, _ artifact: PackageContents.Artifact) -> StartupFinding {
        let place = witness.path.last.map { " in \($0)+0x" + String(witness.offset, radix: 16) } ?? ""
        return StartupFinding(
            .warning,
            "system-calls.int80",
            file: artifact.shownPath,
            "it makes a 32-bit system call (int 0x80\(place)), which is reported to die with a segmentation fault on "
                + "Lambda, though it works in a local container",
            fixes: ["use the instruction syscall with the 64-bit numbers of the system calls"]
        )
    }

    private static func architecture(of artifact: PackageContents.Artifact) -> Architecture? {
        guard artifact.kind == .program || artifact.kind == .sharedObject,
            let file = try? BinaryFile(path: artifact.path),
            let start = try? file.prefix(ELFHeader.maximumSize)
        else { return nil }
        return (try? ELFHeader(fileStart: start))?.architecture
    }
}
