import LambdaModel

/// The Go sources of a function: the package in its code's directory, and what lies around it that go will read.
struct GoProject: Equatable, Sendable {
    /// Real path of the code's directory.
    let directory: String
    /// Real path of the directory with `go.mod`; `nil`: there is none, and the files are compiled by their names.
    let module: String?
    /// Real paths of directories whose files go into the build; none lies in another one.
    let roots: [String]

    /// Bounds a list of replacements.
    private static let maximumRoots = 200

    init(directory: String, environment: [String: String]) {
        self.directory = directory
        module = Self.above(directory, "go.mod")
        var found = [module ?? directory]
        if let module { found += Self.replacements(TextFile.text(module + "/go.mod") ?? "", module) }
        if let work = Self.workspace(directory, environment) {
            found.append(contentsOf: Self.uses(TextFile.text(work) ?? "", Paths.parent(work)))
        }
        var roots: [String] = []
        for path in found.prefix(Self.maximumRoots).sorted(by: { $0.utf8.count < $1.utf8.count })
        where !roots.contains(where: { Paths.relative(path, in: $0) != nil }) {
            roots.append(path)
        }
        self.roots = roots
    }

    /// The directory, or the nearest above it, with a file of that name.
    private static func above(_ directory: String, _ name: String) -> String? {
        var directory = directory
        while !directory.isEmpty {
            if Directory.exists(directory + "/" + name) { return directory }
            directory = Paths.parent(directory)
        }
        return nil
    }

    /// `GOWORK` names the file, or switches it off.
    private static func workspace(_ directory: String, _ environment: [String: String]) -> String? {
        switch environment["GOWORK"] ?? "" {
        case "": above(directory, "go.work").map { $0 + "/go.work" }
        case "off": nil
        case let path: path
        }
    }

    /// Local directories behind `=>`. Source: Go Modules Reference, "replace directive".
    static func replacements(_ text: String, _ base: String) -> [String] {
        lines(text).compactMap { words in
            guard let arrow = words.firstIndex(of: "=>"), arrow + 1 < words.count else { return nil }
            return local(words[arrow + 1], base)
        }
    }

    /// Directories of a workspace's modules. Source: Go Modules Reference, "use directive".
    static func uses(_ text: String, _ base: String) -> [String] {
        var isBlock = false
        return lines(text).compactMap { words in
            if words.first == "use" {
                isBlock = words.last == "("
                return isBlock ? nil : words.dropFirst().first.flatMap { local($0, base) }
            }
            if words.first == ")" { isBlock = false }
            return isBlock ? words.first.flatMap { local($0, base) } : nil
        }
    }

    private static func lines(_ text: String) -> [[String]] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            let code = words.prefix { !$0.hasPrefix("//") }
            return code.isEmpty ? nil : Array(code)
        }
    }

    /// Paths begin with `./`, `../` or `/`, or are one of the dots; the rest are names of modules.
    private static func local(_ text: String, _ base: String) -> String? {
        let path = text.trimming(quote: "\"").trimming(quote: "`")
        guard path == "." || path == ".." || ["./", "../", "/"].contains(where: path.hasPrefix) else { return nil }
        return Directory.realPath(Paths.resolve(path, from: base))
    }
}

extension String {
    /// Without quotes around it.
    fileprivate func trimming(quote: Character) -> String {
        count > 1 && first == quote && last == quote ? String(dropFirst().dropLast()) : self
    }
}
