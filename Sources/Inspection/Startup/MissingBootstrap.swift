internal import LambdaModel

/// A package without a bootstrap: what lies there instead.
struct MissingBootstrap {
    var taskRoot: String
    var handler: String
    /// What the task root is called in the explanation, where its path on this machine means nothing.
    var shownRoot: String?

    /// Enough to recognise one's own package.
    private static let mostFindings = 5

    var lines: [String] {
        let names = FileFacts.names(in: taskRoot)
        guard !names.isEmpty else {
            return [
                "\(shownRoot ?? taskRoot) is empty or cannot be read, so there is no bootstrap to start",
                "fix: build the function first (apus build), or correct CodeUri",
            ]
        }
        var result = [
            "no file named bootstrap at the top of \(shownRoot ?? taskRoot): a provided runtime starts that file and nothing else"
        ]
        let findings = self.findings(names)
        result += findings.prefix(Self.mostFindings)
        if findings.isEmpty {
            result.append("fix: name the executable bootstrap and put it at the top of the package")
        }
        return result
    }

    private func findings(_ names: [String]) -> [String] {
        var result: [String] = []
        if names.contains("bootstrap") { result += atTheRightPlace() }
        result += names.compactMap(misnamed)
        result += names.compactMap(nested)
        // The rest only where nothing better was found.
        if result.isEmpty { result += handlerFile() }
        if result.isEmpty { result += names.compactMap(otherExecutable) }
        return result
    }

    private func atTheRightPlace() -> [String] {
        let path = taskRoot + "/bootstrap"
        if let target = FileFacts.linkTarget(path), FileFacts(path: path) == nil {
            return [
                "bootstrap is a symbolic link to \(target), which does not exist",
                "fix: copy the file itself into the package",
            ]
        }
        guard let kind = FileFacts(path: path)?.kind, kind != .regular else { return [] }
        guard kind == .directory else {
            return ["bootstrap is a device, pipe or socket", "fix: put an executable file of that name in its place"]
        }
        if FileFacts(path: path + "/bootstrap")?.kind == .regular {
            return [
                "bootstrap is a directory",
                "fix: package what is inside it: CodeUri one level deeper, or zip from inside the directory",
            ]
        }
        return ["bootstrap is a directory", "fix: put an executable file of that name in its place"]
    }

    private func misnamed(_ name: String) -> String? {
        guard name != "bootstrap", FileFacts(path: taskRoot + "/" + name)?.kind == .regular else { return nil }
        if name.lowercased() == "bootstrap" {
            return "fix: rename \(name) to bootstrap (Linux tells upper from lower case)"
        }
        let stem = name.prefix { $0 != "." }
        guard stem.lowercased() == "bootstrap" || name.hasSuffix(".bootstrap") else { return nil }
        return "fix: rename \(name) to bootstrap"
    }

    private func nested(_ name: String) -> String? {
        guard name != "bootstrap", FileFacts(path: taskRoot + "/\(name)/bootstrap")?.kind == .regular else {
            return nil
        }
        return "fix: \(name)/bootstrap is one level too deep: set CodeUri to that directory, or zip from inside it "
            + "(cd \(name) && zip -r ../function.zip .)"
    }

    /// The file that the handler names, whole or up to its first dot.
    private func handlerFile() -> [String] {
        let candidates = [handler, String(handler.prefix { $0 != "." })].filter { !$0.isEmpty && !$0.contains("..") }
        guard let name = candidates.first(where: { FileFacts(path: taskRoot + "/" + $0)?.kind == .regular }) else {
            return []
        }
        return [
            "the handler's file \(name) is there, but Lambda hands the handler only to the bootstrap, in the variable _HANDLER",
            "fix: name it bootstrap if it talks to the Runtime API itself; else add a bootstrap that runs it",
        ]
    }

    private func otherExecutable(_ name: String) -> String? {
        let path = taskRoot + "/" + name
        guard let facts = FileFacts(path: path), facts.kind == .regular,
            let file = try? BinaryFile(path: path), let format = try? BootstrapFormat(of: file)
        else { return nil }
        switch format {
        case .elf(let header, _, _) where header.kind == .executable || facts.isExecutable:
            return "fix: \(name) is a program; name it bootstrap (for example -o bootstrap, or cp \(name) bootstrap)"
        case .script where facts.isExecutable:
            return "fix: \(name) is a script; name it bootstrap if it is what should start"
        default:
            return nil
        }
    }
}
