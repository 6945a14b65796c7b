package import LambdaModel

/// Whether a package will start on Lambda: everything that can be known without running it.
package struct StartupInspection: Sendable {
    /// For what the package is meant.
    package var architecture: Architecture
    package var image: LambdaImage
    /// The function's handler, which tells what the author meant to run.
    package var handler: String

    package init(architecture: Architecture, image: LambdaImage = .al2023, handler: String = "") {
        self.architecture = architecture
        self.image = image
        self.handler = handler
    }

    /// Findings about the package as a whole.
    package func findings(on contents: PackageContents) -> [StartupFinding] {
        guard let root = contents.roots.first, contents.bootstrap == nil else { return [] }
        let lines = MissingBootstrap(taskRoot: root.path, handler: handler).lines
        return [StartupFinding(.error, "bootstrap.missing", file: nil, lines: lines)]
    }

    /// Findings about one of its files, the worst first.
    ///
    /// - Parameter program: the ELF file, where it could be read and was read already.
    package func findings(
        on artifact: PackageContents.Artifact,
        in contents: PackageContents,
        program: ELFImage?
    ) -> [StartupFinding] {
        var result = permission(artifact)
        switch artifact.kind {
        case .script: result += ScriptInspection(artifact: artifact, contents: contents, image: image).findings
        case .program, .sharedObject, .other: result += binary(artifact, contents, program)
        }
        return result.sorted { $0.severity > $1.severity }
    }

    private func permission(_ artifact: PackageContents.Artifact) -> [StartupFinding] {
        // Of a file alone it is not said that it is to be started as it lies there.
        guard artifact.role != .file, !artifact.isExecutable else { return [] }
        let name = artifact.shownPath.split(separator: "/").last.map(String.init) ?? artifact.shownPath
        return [
            StartupFinding(
                .error,
                "file.not-executable",
                file: artifact.shownPath,
                "\(name) is not executable",
                fixes: [
                    "chmod +x \(name)", "git keeps it with: git update-index --chmod=+x \(name)",
                    "a zip file made on Windows, or by a library that stores no modes, loses it: zip on Linux or macOS",
                ]
            )
        ]
    }

    private func binary(
        _ artifact: PackageContents.Artifact,
        _ contents: PackageContents,
        _ program: ELFImage?
    ) -> [StartupFinding] {
        if let refusal = refusal(artifact) { return [refusal] }
        guard let program else { return [] }
        return LibraryInspection(artifact: artifact, contents: contents, program: program, image: image).findings
    }

    /// What the kernel will not execute: the same words as when it has refused to.
    private func refusal(_ artifact: PackageContents.Artifact) -> StartupFinding? {
        let decisive: StartupFinding.Severity = artifact.role == .file ? .warning : .error
        guard let file = try? BinaryFile(path: artifact.path), let format = try? BootstrapFormat(of: file) else {
            return StartupFinding(decisive, "file.unreadable", file: artifact.shownPath, "it cannot be read")
        }
        switch format {
        case .elf(let header, _, let isComplete):
            guard isComplete, header.kind != .relocatable else { break }
            if !header.is64Bit, header.machine == .i386 { return thirtyTwoBit(artifact) }
            if header.architecture == architecture { return nil }
        case .script: return nil
        default: break
        }
        guard artifact.role != .file || artifact.kind != .other else { return nil }
        let refusal = ExecRefusal(path: artifact.path, code: 8, architecture: architecture, host: architecture)
        return StartupFinding(decisive, code(of: format), file: artifact.shownPath, lines: refusal.lines)
    }

    private func thirtyTwoBit(_ artifact: PackageContents.Artifact) -> StartupFinding {
        StartupFinding(
            .warning,
            "system-calls.32-bit",
            file: artifact.shownPath,
            "a 32-bit program: it makes 32-bit system calls, which are reported to die with a segmentation fault on Lambda, "
                + "though they work in a local container",
            fixes: ["build it for 64 bits (\(architecture.rawValue))"]
        )
    }

    private func code(of format: BootstrapFormat) -> String {
        switch format {
        case .empty: "file.empty"
        case .elf(let header, _, let isComplete):
            !isComplete ? "file.truncated" : header.kind == .relocatable ? "file.object" : "architecture.mismatch"
        case .brokenELF: "file.damaged"
        case .script, .text: "script.no-interpreter"
        case .machO: "file.macos"
        case .windows: "file.windows"
        case .zip: "file.archive"
        case .unknown: "file.unknown"
        }
    }
}
