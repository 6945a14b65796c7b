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
        let lines = MissingBootstrap(taskRoot: root.path, handler: handler, shownRoot: "the package").lines
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
        var result = permission(artifact, contents)
        switch artifact.kind {
        case .script: result += ScriptInspection(artifact: artifact, contents: contents, image: image).findings
        case .program, .sharedObject, .other: result += binary(artifact, contents, program)
        }
        // Not by `sorted`, which may swap what weighs the same.
        return StartupFinding.Severity.allCases.sorted(by: >).flatMap { severity in
            result.filter { $0.severity == severity }
        }
    }

    private func permission(_ artifact: PackageContents.Artifact, _ contents: PackageContents) -> [StartupFinding] {
        // Of a file alone it is not said that it is to be started as it lies there.
        guard artifact.role != .file, !contents.isFileAlone, let facts = FileFacts(path: artifact.path) else {
            return []
        }
        let name = artifact.shownPath.split(separator: "/").last.map(String.init) ?? artifact.shownPath
        if !artifact.isExecutable {
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
        guard !facts.isExecutableByAll else { return [] }
        return [
            StartupFinding(
                .warning,
                "file.not-executable-by-all",
                file: artifact.shownPath,
                "only its owner or group may read and execute \(name) (mode \(facts.octalMode)); Lambda runs it as another user",
                fixes: ["chmod 755 \(name)"]
            )
        ]
    }

    private func binary(
        _ artifact: PackageContents.Artifact,
        _ contents: PackageContents,
        _ program: ELFImage?
    ) -> [StartupFinding] {
        guard let file = try? BinaryFile(path: artifact.path), let format = try? BootstrapFormat(of: file) else {
            return [
                StartupFinding(severity(of: artifact), "file.unreadable", file: artifact.shownPath, "it cannot be read")
            ]
        }
        if case .elf(let header, let interpreter, true) = format {
            if isThirtyTwoBit(header) { return thirtyTwoBit(artifact, interpreter) }
            if header.architecture == architecture, header.kind == .executable || header.kind == .sharedObject {
                return compatible(artifact, contents, program)
            }
        }
        return [refusal(artifact, format)]
    }

    /// A file alone may be a library, and whatever else lies in a package may never be executed.
    private func severity(of artifact: PackageContents.Artifact) -> StartupFinding.Severity {
        artifact.role == .file ? .warning : .error
    }

    private func compatible(
        _ artifact: PackageContents.Artifact,
        _ contents: PackageContents,
        _ program: ELFImage?
    ) -> [StartupFinding] {
        guard let program else { return [] }
        if artifact.role != .file, !contents.isFileAlone, artifact.kind == .sharedObject, program.interpreter == nil {
            return [sharedObject(artifact)]
        }
        return LibraryInspection(artifact: artifact, contents: contents, program: program, image: image).findings
    }

    /// The kernel starts it at address 0 of the file, where its header lies.
    private func sharedObject(_ artifact: PackageContents.Artifact) -> StartupFinding {
        StartupFinding(
            .error,
            "file.shared-object",
            file: artifact.shownPath,
            "it is a shared library, not a program: it has neither a loader nor an entry point",
            fixes: ["link it as a program (leave out -shared; Rust: crate-type bin, not cdylib)"]
        )
    }

    /// What the kernel will not execute: the same words as when it has refused to.
    private func refusal(_ artifact: PackageContents.Artifact, _ format: BootstrapFormat) -> StartupFinding {
        let refusal = ExecRefusal(
            path: artifact.path,
            shownPath: artifact.shownPath,
            code: 8,
            architecture: architecture,
            host: architecture
        )
        let code = code(of: format)
        let isAlternative = code == "architecture.mismatch" && artifact.role == .file && Self.namesPlatform(artifact)
        return StartupFinding(
            isAlternative ? .note : severity(of: artifact),
            code,
            file: artifact.shownPath,
            lines: refusal.lines
        )
    }

    /// Whether a directory says for what its files are, as in `prebuilds/linux-arm64/x.node`: such a package holds files
    /// for several platforms and picks one of them.
    private static func namesPlatform(_ artifact: PackageContents.Artifact) -> Bool {
        let platforms = [
            "arm64", "aarch64", "x64", "x86_64", "x86-64", "amd64", "ia32", "i386", "i686", "armv6", "armv7",
        ]
        return artifact.shownPath.split(separator: "/").dropLast().contains { part in
            platforms.contains { part.contains($0) }
        }
    }

    /// A kernel for arm64 executes none of them.
    private func isThirtyTwoBit(_ header: ELFHeader) -> Bool {
        architecture == .x86_64 && !header.is64Bit && header.machine == .i386 && header.kind != .relocatable
    }

    private func thirtyTwoBit(_ artifact: PackageContents.Artifact, _ interpreter: String?) -> [StartupFinding] {
        let loader = interpreter.map {
            LibraryInspection.missingLoader($0, severity(of: artifact), artifact, image)
        }
        let calls = StartupFinding(
            .warning,
            "system-calls.32-bit",
            file: artifact.shownPath,
            "a 32-bit program: it makes 32-bit system calls, which are reported to die with a segmentation fault on Lambda, "
                + "though they work in a local container",
            fixes: ["build it for 64 bits (\(architecture.rawValue))"]
        )
        return (loader.map { [$0] } ?? []) + [calls]
    }

    private func code(of format: BootstrapFormat) -> String {
        switch format {
        case .empty: "file.empty"
        case .elf(_, _, false): "file.truncated"
        case .elf(let header, _, true):
            header.kind == .executable || header.kind == .sharedObject ? "architecture.mismatch" : "file.object"
        case .brokenELF: "file.damaged"
        case .script, .text: "script.no-interpreter"
        case .machO: "file.macos"
        case .windows: "file.windows"
        case .zip: "file.archive"
        case .unknown: "file.unknown"
        }
    }
}
