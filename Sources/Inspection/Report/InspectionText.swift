internal import LambdaModel

extension InspectionReport {
    /// The report for people: the answer first, then what it rests on, then what it cannot see.
    package var text: String { InspectionText(report: self).lines.joined(separator: "\n") + "\n" }
}

/// The report as lines of at most about 110 columns. All that comes from files has passed `Printable`.
struct InspectionText {
    let report: InspectionReport

    /// Groups of CPUs whose failures are shown in detail, files that are named one by one, sentences about blind spots.
    private static let mostGroups = 2
    private static let mostFiles = 12
    private static let mostBlindSpots = 6

    var lines: [String] {
        [Printable.text(report.title) + ": " + answer, "\(report.architecture.rawValue), \(report.image.name)"]
            + findings + section("files", files) + section("CPUs", cpus) + details
            + section("not seen", blindSpots)
    }

    // MARK: The answer

    private var answer: String {
        guard report.willStart else { return "will not start on Lambda" }
        let deciding = report.profiles.filter { report.decisive.contains($0.name) }
        let failing = names(deciding, .will)
        if !failing.isEmpty { return "will fail on \(failing)" }
        let doubtful = names(deciding, .may)
        if !doubtful.isEmpty { return "may fail on \(doubtful)" }
        if let obstacle = report.obstacle { return "not judged: \(obstacle)" }
        return "nothing found against it on \(deciding.map(\.name).joined(separator: ", "))"
    }

    private func names(_ profiles: [CPUProfile], _ level: CPUVerdict.Level) -> String {
        profiles.filter { report.verdict(on: $0).level == level }.map(\.name).joined(separator: ", ")
    }

    // MARK: Starting

    private var findings: [String] {
        report.allFindings.flatMap { finding in
            let file = finding.file.map { finding.message.hasPrefix($0) ? "" : $0 + ": " } ?? ""
            // The first line of a fix may have others that belong to it.
            let fixes = finding.fixes.enumerated().map { ($0.offset == 0 ? "  fix: " : "       ") + $0.element }
            return ["\(finding.severity.rawValue): \(file)\(finding.message)"] + fixes
        }
    }

    private var files: [String] {
        let shown = report.artifacts.prefix(Self.mostFiles).map { entry in
            let size = Self.size(entry.artifact.size)
            let facts = [Self.title(entry.artifact), entry.program?.title, size].compactMap { $0 }.joined(
                separator: ", "
            )
            let obstacle = entry.obstacle.map { ", not judged: " + Printable.text($0) } ?? ""
            return Printable.text(entry.artifact.shownPath) + "  " + facts + obstacle
        }
        let rest = report.artifacts.count - shown.count
        return shown + (rest > 0 ? ["and \(rest) more"] : []) + report.omissions.map(Printable.text)
    }

    private static func title(_ artifact: PackageContents.Artifact) -> String {
        switch artifact.kind {
        case .program: artifact.role == .extension ? "extension" : "program"
        case .sharedObject: "library"
        case .script: "script"
        case .other: "no program"
        }
    }

    private static func size(_ bytes: UInt64) -> String {
        bytes < 1 << 20 ? "\((bytes + 1023) >> 10) KB" : "\((bytes + (1 << 19)) >> 20) MB"
    }

    // MARK: CPUs

    private var cpus: [String] {
        let rows = report.profiles.map { (profile: $0, verdict: report.verdict(on: $0)) }
        let isJudged = report.artifacts.contains { $0.analysis?.architecture == report.architecture }
        guard isJudged || rows.contains(where: { $0.verdict.level > .none }) else { return [] }
        let width = rows.map(\.profile.name.count).max() ?? 0
        return rows.map { row in
            let level = Self.words(row.verdict.level)
            let note = note(row.verdict)
            return row.profile.name.padded(to: width) + "  "
                + (note.isEmpty ? level : level.padded(to: 9) + "  " + note)
        }
    }

    /// What is worth a word beside the verdict.
    private func note(_ verdict: CPUVerdict) -> String {
        if !verdict.missing.isEmpty { return "lacks " + Self.listed(verdict.missing) }
        if verdict.level > .none { return verdict.reason }
        return verdict.reason.contains("only after") ? verdict.reason : ""
    }

    private static func words(_ level: CPUVerdict.Level) -> String {
        switch level {
        case .none: "ok"
        case .may: "may fail"
        case .will: "will fail"
        }
    }

    private static func listed(_ features: Set<CPUFeature>) -> String {
        let names = features.ordered.map(\.name)
        return names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }

    // MARK: Failures

    /// CPUs that fail for the same reason are explained together, those that decide first.
    private var details: [String] {
        var groups: [[CPUProfile]] = []
        let ordered =
            report.profiles.filter { report.decisive.contains($0.name) }
            + report.profiles.filter { !report.decisive.contains($0.name) }
        for profile in ordered where !report.verdict(on: profile).witnesses.isEmpty {
            let missing = report.verdict(on: profile).missing
            if let index = groups.firstIndex(where: { report.verdict(on: $0[0]).missing == missing }) {
                groups[index].append(profile)
            } else {
                groups.append([profile])
            }
        }
        return groups.prefix(Self.mostGroups).flatMap(detail)
    }

    private func detail(_ group: [CPUProfile]) -> [String] {
        let verdict = report.verdict(on: group[0])
        guard let culprit = report.culprit(on: group[0]) else { return [] }
        // A fix for the most capable of them asks for the least.
        let demanding = group.max { ($0.features?.count ?? 0) < ($1.features?.count ?? 0) } ?? group[0]
        let level = verdict.level == .will ? "fails" : "may fail"
        let names = group.map(\.name).joined(separator: ", ")
        let head = "why it \(level) on \(names): \(verdict.reason)"
        return [head] + witnesses(verdict, culprit).map { "  " + $0 } + fixes(verdict, culprit, demanding)
    }

    private func witnesses(_ verdict: CPUVerdict, _ culprit: ArtifactReport) -> [String] {
        let width = min(52, verdict.witnesses.map { Printable.text($0.instruction).count }.max() ?? 0)
        return verdict.witnesses.prefix(4).flatMap { witness in
            let function =
                Printable.text(SymbolName.readable(witness.path.last ?? "?")) + "+0x"
                + String(witness.offset, radix: 16)
            let need = ("needs " + (witness.feature?.name ?? "?")).padded(to: 16)
            let line = "\(Printable.text(witness.instruction).padded(to: width))  \(need)  \(function)"
            guard witness.path.count > 1 else { return [line] }
            return [line, "  " + Self.path(witness.path.map(SymbolName.readable))]
        } + (report.artifacts.count > 1 ? ["in \(Printable.text(culprit.artifact.shownPath))"] : [])
    }

    /// The way to the instruction; the middle of a long one is left out.
    private static func path(_ functions: [String]) -> String {
        let names = functions.map { String(Printable.text($0).prefix(48)) }
        guard names.count > 6 else { return names.joined(separator: " > ") }
        return (names.prefix(3) + ["…"] + names.suffix(3)).joined(separator: " > ")
    }

    private func fixes(_ verdict: CPUVerdict, _ culprit: ArtifactReport, _ profile: CPUProfile) -> [String] {
        let fixes = report.fixes(for: verdict, of: culprit, on: profile)
        guard !fixes.isEmpty else { return [] }
        return [fixes.count > 1 ? "fix one of:" : "fix:"] + CPUFix.lines(fixes).map { "  " + $0 }
    }

    // MARK: Blind spots

    private var blindSpots: [String] {
        var sentences: [String] = []
        for sentence in report.artifacts.flatMap({ $0.analysis?.blindSpots ?? [] }).map(Printable.text)
        where !sentences.contains(sentence) { sentences.append(sentence) }
        let rest = sentences.count - Self.mostBlindSpots
        return sentences.prefix(Self.mostBlindSpots) + (rest > 0 ? ["and \(rest) more; see --format json"] : [])
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [title + ":"] + lines.map { "  " + $0 }
    }
}

extension InspectionReport {
    /// What to do about a verdict, in the words of the tool that built the file.
    func fixes(for verdict: CPUVerdict, of culprit: ArtifactReport, on profile: CPUProfile) -> [CPUFix] {
        guard verdict.level > .none, !verdict.missing.isEmpty, profile.architecture == architecture else { return [] }
        return CPUFixAdvice.fixes(
            language: culprit.program?.language ?? .unknown,
            build: build,
            missing: verdict.missing,
            architecture: architecture,
            cpu: profile
        )
    }
}

extension String {
    /// With blanks behind it.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
