/// Where the loader looks for the libraries of one file on Lambda.
struct LibraryPaths {
    private let contents: PackageContents
    /// Of DT_RUNPATH, or of DT_RPATH where there is none (System V ABI, "Shared Object Dependencies").
    private let own: [String]

    /// `LD_LIBRARY_PATH` as Lambda sets it, without the system's directories.
    private static let ofLambda = ["/var/task", "/var/task/lib", "/opt/lib"]

    /// Entries of one run path that are looked at.
    private static let mostEntries = 50

    init(dynamic: ELFDynamic, artifact: PackageContents.Artifact, contents: PackageContents) {
        self.contents = contents
        let origin = artifact.shownPath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let entries = (dynamic.runpath ?? dynamic.rpath ?? "").split(separator: ":").prefix(Self.mostEntries)
        own = entries.map { String($0.replacing("${ORIGIN}", with: origin).replacing("$ORIGIN", with: origin)) }
    }

    /// Whether the package has the library at a place where the loader looks; a name with a slash is a path.
    func finds(_ name: String) -> Bool {
        guard !name.contains("/") else { return contents.localPath(of: absolute(name)) != nil }
        return findsByOwnPath(name) || isIn(Self.ofLambda, name)
    }

    /// Only by the file's own run path.
    func findsByOwnPath(_ name: String) -> Bool {
        isIn(own, name)
    }

    private func isIn(_ directories: [String], _ name: String) -> Bool {
        directories.contains { contents.localPath(of: absolute("\($0)/\(name)")) != nil }
    }

    /// A function is started in /var/task.
    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "/var/task/" + path
    }
}
