import Inspection
import LambdaModel

/// Whether what was built will start on Lambda: architecture, C library, permissions, the first line of a script.
struct ArtifactInspection {
    let request: BuildRequest
    /// The artifact.
    let directory: String

    /// More would hide the build's own lines.
    private static let maximumWarnings = 5
    /// What layers may bring.
    private static let broughtByLayers: Set<String> = [
        "bootstrap.missing", "script.interpreter-missing", "library.missing", "library.not-found",
    ]

    /// A line for each thing that is wrong, errors first. Layers and managed runtimes are not looked at.
    var warnings: [String] {
        findings.filter { $0.severity >= .warning }.sorted { $0.severity > $1.severity }.prefix(Self.maximumWarnings)
            .map(Self.line)
    }

    /// What makes an artifact useless that Apus has made itself. A C library that is too new is not among it: the function
    /// still runs on this machine.
    func checkScript() throws(ApusError) {
        try check { $0.code.hasPrefix("script.") || $0.code.hasPrefix("file.") || $0.code == "bootstrap.missing" }
    }

    /// The same for a compiled program.
    func checkProgram() throws(ApusError) {
        try check { $0.code == "architecture.mismatch" || $0.code.hasPrefix("file.") || $0.code == "bootstrap.missing" }
    }

    private func check(_ isFatal: (StartupFinding) -> Bool) throws(ApusError) {
        guard let finding = findings.first(where: { $0.severity == .error && isFatal($0) }) else { return }
        let isMissing = finding.code == "bootstrap.missing"
        throw ApusError(
            isMissing ? .buildEmpty : .buildUnusable,
            isMissing ? "the build made no bootstrap" : Self.message(finding),
            hint: finding.fixes.isEmpty ? nil : finding.fixes.joined(separator: "; or ")
        )
    }

    private var findings: [StartupFinding] {
        guard request.kind == .function, request.runtime?.isCustom ?? true else { return [] }
        let inspection = StartupInspection(
            architecture: request.architecture,
            image: .image(for: request.runtime),
            handler: request.handler
        )
        let contents = PackageContents(taskRoot: directory)
        // Without a runtime nobody says that a bootstrap is wanted.
        var found = request.runtime == nil ? [] : inspection.findings(on: contents)
        for artifact in contents.artifacts where artifact.role != .file {
            let image = artifact.kind == .script ? nil : try? artifact.image()
            found += inspection.findings(on: artifact, in: contents, program: image)
        }
        return found.filter { !request.hasLayers || !Self.broughtByLayers.contains($0.code) }
    }

    private static func line(_ finding: StartupFinding) -> String {
        let fix = finding.fixes.first.map { " (\($0))" } ?? ""
        return message(finding) + fix
    }

    private static func message(_ finding: StartupFinding) -> String {
        guard let file = finding.file, !finding.message.contains(file) else { return finding.message }
        return file.split(separator: "/").dropFirst(2).joined(separator: "/") + ": " + finding.message
    }
}
