/// Whether the first line of a script leads to an interpreter on Lambda.
struct ScriptInspection {
    let artifact: PackageContents.Artifact
    let contents: PackageContents
    let image: LambdaImage

    var findings: [StartupFinding] {
        guard let file = try? BinaryFile(path: artifact.path), let start = try? file.prefix(ScriptHeader.longestPrefix)
        else { return [] }
        let header = ScriptHeader(fileStart: start)
        if let lines = ScriptRefusal(path: artifact.shownPath, header: header).formLines {
            return [StartupFinding(severity, code(of: header), file: artifact.shownPath, lines: lines)]
        }
        guard let interpreter = header.interpreter else { return [] }
        if ["/usr/bin/env", "/bin/env"].contains(interpreter) { return program(ofEnv: header.argument) }
        return interpreterFindings(interpreter)
    }

    private var severity: StartupFinding.Severity { artifact.role == .file ? .warning : .error }

    private func code(of header: ScriptHeader) -> String {
        if header.hasByteOrderMark { return "script.byte-order-mark" }
        return header.hasCarriageReturn ? "script.windows-line-ends" : "script.no-interpreter"
    }

    private func interpreterFindings(_ path: String) -> [StartupFinding] {
        for root in contents.roots where path.hasPrefix(root.lambdaPath + "/") {
            if let facts = FileFacts(path: root.path + path.dropFirst(root.lambdaPath.count)) {
                return facts.isExecutable ? [] : [missing(path, "is in the package, but not executable")]
            }
        }
        guard !image.hasInterpreter(path) else { return [] }
        let isInside = ["/var/task/", "/opt/"].contains { path.hasPrefix($0) }
        return [missing(path, isInside ? "is not in the package" : "is not known to be in \(image.name) on Lambda")]
    }

    /// `env` looks for the first word that is neither an option nor a variable in PATH, which begins with the package's
    /// own directories for layers (/opt/bin).
    private func program(ofEnv argument: String?) -> [StartupFinding] {
        let words = (argument ?? "").split(separator: " ").drop { $0.hasPrefix("-") || $0.contains("=") }
        guard let name = words.first.map(String.init) else { return [] }
        if name.hasPrefix("/") { return interpreterFindings(name) }
        let isInLayer = contents.roots.dropFirst().contains { FileFacts(path: "\($0.path)/bin/\(name)") != nil }
        guard !isInLayer, !image.hasInterpreter("/usr/bin/" + name) else { return [] }
        return [missing(name, "is not known to be in \(image.name) on Lambda")]
    }

    private func missing(_ interpreter: String, _ why: String) -> StartupFinding {
        StartupFinding(
            .warning,
            "script.interpreter-missing",
            file: artifact.shownPath,
            "its first line asks for \(interpreter), which \(why)",
            fixes: [
                "put it into a layer (/opt/bin is in PATH) or into the package, and name that path",
                "write the script for /bin/sh, which is bash on Lambda",
            ]
        )
    }
}
