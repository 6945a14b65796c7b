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
        DispatchQueue.concurrentPerform(iterations: contents.artifacts.count) { index in
            let report = report(on: contents.artifacts[index], in: contents, startup)
            results.withLock { $0[index] = report }
        }
        return results.withLock { results in contents.artifacts.indices.compactMap { results[$0] } }
    }

    private func report(
        on artifact: PackageContents.Artifact,
        in contents: PackageContents,
        _ startup: StartupInspection
    ) -> ArtifactReport {
        let isCode = artifact.kind == .program || artifact.kind == .sharedObject
        let identity = FileIdentity(path: artifact.path)
        let image = isCode ? try? artifact.image() : nil
        var report = ArtifactReport(
            artifact: artifact,
            findings: startup.findings(on: artifact, in: contents, program: image),
            program: image.map { ProgramFacts(of: $0) }
        )
        guard let image, image.architecture != nil else { return report }
        do throws(CPUInspection.Failure) {
            let analysis = try CPUInspection.analyse(image, identity: identity, cache: cache)
            report.analysis = analysis
            if let witness = analysis.int80 { report.findings.append(Self.finding(witness, artifact)) }
        } catch {
            report.obstacle = error.description
        }
        return report
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
