/// Whether the first line of a script leads to an interpreter on Lambda.
struct ScriptInspection {
    let artifact: PackageContents.Artifact
    let contents: PackageContents
    let image: LambdaImage

    var findings: [StartupFinding] {
        guard let file = try? BinaryFile(path: artifact.path), let start = try? file.prefix(ScriptHeader.longestPrefix)
        else {
            return [StartupFinding(severity, "file.unreadable", file: artifact.shownPath, "it cannot be read")]
        }
        let header = ScriptHeader(fileStart: start)
        if let lines = ScriptRefusal(path: artifact.shownPath, header: header).formLines {
            return [StartupFinding(severity, code(of: header), file: artifact.shownPath, lines: lines)]
        }
        guard let interpreter = header.interpreter else { return [] }
        if ["/usr/bin/env", "/bin/env"].contains(interpreter) { return program(ofEnv: header.argument ?? "") }
        return interpreterFindings(interpreter)
    }

    /// Nobody says whether any other script is ever executed.
    private var severity: StartupFinding.Severity { artifact.role == .file ? .warning : .error }

    private func code(of header: ScriptHeader) -> String {
        if header.hasByteOrderMark { return "script.byte-order-mark" }
        return header.hasCarriageReturn ? "script.windows-line-ends" : "script.no-interpreter"
    }

    /// The kernel looks for a path without a leading slash from the current directory, which is /var/task.
    private func interpreterFindings(_ interpreter: String) -> [StartupFinding] {
        let path = PackageContents.normalised(interpreter.hasPrefix("/") ? interpreter : "/var/task/" + interpreter)
        if let local = contents.localPath(of: path) {
            let isExecutable = FileFacts(path: local)?.isExecutable ?? false
            return isExecutable ? [] : [missing(interpreter, "is in the package, but not executable", severity)]
        }
        guard !image.hasInterpreter(path) else { return [] }
        // Of a file alone the rest of the package is not known; layers may be given elsewhere.
        if path.hasPrefix("/var/task/"), !contents.isFileAlone {
            return [missing(interpreter, "is not in the package", severity)]
        }
        let place = path.hasPrefix("/opt/") ? "in the layers" : "to be in \(image.name) on Lambda"
        return [missing(interpreter, "is not known \(place)", .warning)]
    }

    /// `env` looks for the first word that is neither an option nor a variable in PATH, which ends with the layers' own
    /// directory (/opt/bin).
    private func program(ofEnv argument: String) -> [StartupFinding] {
        let isSplit = argument.hasPrefix("-S") || argument.hasPrefix("-vS") || argument.hasPrefix("--split-string")
        let text = isSplit ? argument.drop { $0 != " " && $0 != "=" } : argument[...]
        let words = text.split { $0 == " " || $0 == "\t" }
        if !isSplit && words.count > 1 { return [oneArgument(argument)] }
        let name = words.first { !$0.hasPrefix("-") && !$0.contains("=") }.map(String.init)
        guard let name else { return [] }
        if name.contains("/") { return interpreterFindings(name) }
        guard contents.localPath(of: "/opt/bin/" + name) == nil, !image.hasInterpreter("/usr/bin/" + name) else {
            return []
        }
        return [missing(name, "is not known to be in \(image.name) on Lambda", .warning)]
    }

    /// The kernel hands everything behind the interpreter on as one argument.
    private func oneArgument(_ argument: String) -> StartupFinding {
        StartupFinding(
            severity,
            "script.env-arguments",
            file: artifact.shownPath,
            "its first line makes env look for one program of the name \"\(argument)\", blanks included",
            fixes: ["name the interpreter itself: #!/bin/bash -e", "write #!/usr/bin/env -S \(argument)"]
        )
    }

    private func missing(_ name: String, _ why: String, _ severity: StartupFinding.Severity) -> StartupFinding {
        StartupFinding(
            artifact.role == .file ? .note : severity,
            "script.interpreter-missing",
            file: artifact.shownPath,
            "its first line asks for \(name), which \(why)",
            fixes: [
                "put it into a layer (/opt/bin is in PATH) or into the package, and name that path",
                "write the script for /bin/sh, which is bash on Lambda",
            ]
        )
    }
}
