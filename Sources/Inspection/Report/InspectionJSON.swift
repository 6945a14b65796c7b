internal import LambdaModel

extension InspectionReport {
    /// The report for tools: one JSON object, without a newline. Members are added in later versions; `schemaVersion`
    /// grows when one changes its meaning or disappears.
    package var json: String { InspectionJSON(report: self).text }
}

/// Writes the report. A member without a value is left out; addresses are text, since JSON's numbers are not exact.
struct InspectionJSON {
    let report: InspectionReport

    var text: String {
        JSONText.object([
            ("schemaVersion", "1"),
            ("target", JSONText.quoted(report.title)),
            ("architecture", JSONText.quoted(report.architecture.rawValue)),
            ("runtime", JSONText.quoted(report.image.runtime)),
            ("status", String(report.exitStatus)),
            ("willStart", report.willStart ? "true" : "false"),
            ("verdict", JSONText.quoted(report.level.rawValue)),
            ("findings", JSONText.array(report.findings.map(Self.finding))),
            ("cpus", JSONText.array(report.profiles.map(cpu))),
            ("files", JSONText.array(report.artifacts.map(file))),
            ("omissions", Self.texts(report.omissions)),
        ])
    }

    private func cpu(_ profile: CPUProfile) -> String {
        let verdict = report.verdict(on: profile)
        let culprit = verdict.level > .none ? report.culprit(on: profile) : nil
        let fixes = culprit.map { report.fixes(for: verdict, of: $0, on: profile) } ?? []
        return JSONText.object(
            [
                ("name", JSONText.quoted(profile.name)),
                ("architecture", JSONText.quoted(profile.architecture.rawValue)),
                ("decides", report.decisive.contains(profile.name) ? "true" : "false"),
            ] + Self.members(verdict) + [
                ("file", culprit.map { JSONText.quoted($0.artifact.shownPath) }),
                ("fixes", JSONText.array(fixes.map(Self.fix))),
            ]
        )
    }

    private static func members(_ verdict: CPUVerdict) -> [(String, String?)] {
        [
            ("verdict", JSONText.quoted(verdict.level.rawValue)),
            ("reason", JSONText.quoted(verdict.reason)),
            ("missing", features(verdict.missing)),
            ("functions", String(verdict.functionCount)),
            ("witnesses", JSONText.array(verdict.witnesses.map(witness))),
        ]
    }

    private func file(_ entry: ArtifactReport) -> String {
        let artifact = entry.artifact
        return JSONText.object([
            ("path", JSONText.quoted(artifact.shownPath)),
            ("kind", JSONText.quoted(artifact.kind.rawValue)),
            ("role", JSONText.quoted(artifact.role.rawValue)),
            ("executable", artifact.isExecutable ? "true" : "false"),
            ("size", String(artifact.size)),
            ("program", entry.program.map(Self.program)),
            ("findings", JSONText.array(entry.findings.map(Self.finding))),
            ("notJudged", entry.obstacle.map(JSONText.quoted)),
            ("code", entry.analysis.map(Self.analysis)),
        ])
    }

    private static func program(_ facts: ProgramFacts) -> String {
        JSONText.object([
            ("language", facts.language == .unknown ? nil : JSONText.quoted(facts.language.rawValue)),
            ("compiler", facts.compiler.map(JSONText.quoted)),
            ("linkage", JSONText.quoted(facts.linkage.rawValue)),
            ("libc", facts.cLibrary.map { JSONText.quoted($0.rawValue) }),
            ("stripped", facts.isStripped ? "true" : "false"),
            ("debugInfo", facts.hasDebugInfo ? "true" : "false"),
        ])
    }

    private static func analysis(_ analysis: CPUAnalysis) -> String {
        JSONText.object([
            ("architecture", JSONText.quoted(analysis.architecture.rawValue)),
            ("reachedFunctions", String(analysis.reachedFunctions)),
            ("asksTheCPU", analysis.hasOwnCheck ? "true" : "false"),
            ("goLevel", analysis.goLevel.map { String($0) }),
            ("guarded", features(analysis.guardedFeatures)),
            ("needs", JSONText.array(analysis.needs.map(need))),
            ("blindSpots", texts(analysis.blindSpots)),
        ])
    }

    private static func need(_ need: CPUNeed) -> String {
        JSONText.object([
            ("features", features(need.features)), ("functions", String(need.functionCount)),
            ("witnesses", JSONText.array(need.witnesses.map(witness))),
        ])
    }

    private static func witness(_ witness: CPUWitness) -> String {
        JSONText.object([
            ("feature", witness.feature.map { JSONText.quoted($0.rawValue) }),
            ("instruction", JSONText.quoted(witness.instruction)),
            ("function", witness.path.last.map { JSONText.quoted(SymbolName.readable($0)) }),
            ("offset", String(witness.offset)),
            ("address", JSONText.quoted("0x" + String(witness.address, radix: 16))),
            ("path", texts(witness.path.map(SymbolName.readable))),
        ])
    }

    private static func finding(_ finding: StartupFinding) -> String {
        JSONText.object([
            ("severity", JSONText.quoted(finding.severity.rawValue)),
            ("code", JSONText.quoted(finding.code)),
            ("file", finding.file.map(JSONText.quoted)),
            ("message", JSONText.quoted(finding.message)),
            ("fixes", texts(finding.fixes)),
        ])
    }

    private static func fix(_ fix: CPUFix) -> String {
        JSONText.object([("action", JSONText.quoted(fix.action)), ("effect", JSONText.quoted(fix.effect))])
    }

    // MARK: JSON

    /// By stable names: `avx2`.
    private static func features(_ set: Set<CPUFeature>) -> String {
        texts(set.ordered.map(\.rawValue))
    }

    private static func texts(_ texts: [String]) -> String { JSONText.array(texts.map(JSONText.quoted)) }
}
