package import LambdaModel

/// What is known of a package without running it: whether it starts on Lambda, and on which CPUs it runs.
package struct InspectionReport: Sendable {
    /// What was looked at, as the user calls it.
    package var title: String
    /// For what it is meant.
    package var architecture: Architecture
    package var image: LambdaImage
    /// Who builds it, which decides in what words fixes are given.
    package var build: BuildDriver
    /// The CPUs that are shown, in this order.
    package var profiles: [CPUProfile]
    /// Names of the profiles that decide the exit status.
    package var decisive: Set<String>
    /// The bootstrap first.
    package var artifacts: [ArtifactReport]
    /// About the package as a whole.
    package var findings: [StartupFinding]
    /// What was not looked at, each in a sentence.
    package var omissions: [String]

    /// The verdict on a CPU: that of the file that fares worst, the bootstrap's where all fare the same.
    package func verdict(on profile: CPUProfile) -> CPUVerdict {
        guard profile.architecture == architecture else {
            return CPUVerdict(
                level: .will,
                reason:
                    "it is for \(architecture.rawValue), and \(profile.name) is a CPU of \(profile.architecture.rawValue)"
            )
        }
        var worst: CPUVerdict?
        for verdict in artifacts.compactMap({ $0.verdict(on: profile) })
        where worst.map({ $0.level < verdict.level }) ?? true {
            worst = verdict
        }
        if let worst { return worst }
        let isUnknown = artifacts.contains { $0.obstacle != nil }
        return CPUVerdict(
            level: .none,
            reason: isUnknown ? "it could not be looked at" : "there is no machine code in it"
        )
    }

    /// The file that decides the verdict on a CPU.
    func culprit(on profile: CPUProfile) -> ArtifactReport? {
        let verdict = verdict(on: profile)
        return artifacts.first { $0.verdict(on: profile) == verdict }
    }

    /// Findings of the package and of all its files, the worst first.
    package var allFindings: [StartupFinding] {
        let all = findings + artifacts.flatMap(\.findings)
        return StartupFinding.Severity.allCases.sorted(by: >).flatMap { severity in
            all.filter { $0.severity == severity }
        }
    }

    package var willStart: Bool { !allFindings.contains { $0.severity == .error } }

    /// The worst verdict on the CPUs that decide.
    package var level: CPUVerdict.Level {
        profiles.filter { decisive.contains($0.name) }.map { verdict(on: $0).level }.max() ?? .none
    }

    /// Why the machine code of a file could not be judged, where that was so.
    package var obstacle: String? { artifacts.lazy.compactMap(\.obstacle).first }

    /// 0: nothing to report; 1: it will not start, or will fail on a CPU that decides; 3: it may fail; 2: it could not be
    /// judged.
    package var exitStatus: Int32 {
        if !willStart || level == .will { return 1 }
        if obstacle != nil { return 2 }
        return level == .may ? 3 : 0
    }
}

/// What is known of one file of a package.
package struct ArtifactReport: Sendable {
    package var artifact: PackageContents.Artifact
    package var findings: [StartupFinding]
    /// `nil` for what is no ELF file that could be read.
    package var program: ProgramFacts?
    /// `nil` for a script, for a file that could not be judged and for one of an architecture that Lambda does not have.
    package var analysis: CPUAnalysis?
    /// Why it could not be judged.
    package var obstacle: String?

    /// `nil` where there is nothing to judge.
    package func verdict(on profile: CPUProfile) -> CPUVerdict? {
        guard let analysis, analysis.architecture == profile.architecture else { return nil }
        return analysis.verdict(on: profile)
    }
}
