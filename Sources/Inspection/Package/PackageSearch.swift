internal import Archive
internal import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Walks through the directories of a package. Symbolic links to directories are not followed, so it comes to an end.
struct PackageSearch {
    /// Files and directories that are looked at in all roots together: as many as an archive may unpack to.
    static let maximumEntries = ExtractionLimits.defaultEntries
    static let maximumDepth = 64

    private(set) var artifacts: [PackageContents.Artifact] = []
    private(set) var omissions: [String] = []
    /// The first place of each file name, as Lambda shows it.
    private(set) var places: [String: String] = [:]

    private let maximumEntries: Int
    private var entries = 0
    private var isCut = false
    /// Everything but directories, as Lambda shows it.
    private var taken: Set<String> = []
    private var hasBootstrap = false
    private var linksOutside = 0
    /// Without symbolic links: what a link may lead to.
    private var realRoots: [String] = []

    init(roots: [PackageContents.Root], maximumEntries: Int = PackageSearch.maximumEntries) {
        self.maximumEntries = maximumEntries
        realRoots = roots.compactMap { FileFacts.realPath($0.path) }
        for root in roots { look(in: root) }
        artifacts.sort { Self.rank($0) < Self.rank($1) }
        if isCut {
            omissions.append(
                "not everything was looked at: more than \(maximumEntries) files or \(Self.maximumDepth) levels"
            )
        }
        if linksOutside > 0 {
            omissions.append("symbolic links that lead out of the package were not followed: \(linksOutside)")
        }
    }

    /// The roots before this one win where two hold a file of one name.
    private mutating func look(in root: PackageContents.Root) {
        guard FileFacts(path: root.path)?.kind == .directory else {
            omissions.append("\(Printable.text(root.path)) is no directory")
            return
        }
        look(in: "", of: root, depth: 0)
    }

    private mutating func look(in directory: String, of root: PackageContents.Root, depth: Int) {
        guard depth < Self.maximumDepth else {
            isCut = true
            return
        }
        guard let names = Self.names(in: root.path + directory, atMost: maximumEntries + 1) else {
            let shown = Printable.text(root.lambdaPath + directory)
            if omissions.count < 100 { omissions.append("the directory \(shown) cannot be read") }
            return
        }
        for name in names {
            entries += 1
            guard entries <= maximumEntries else {
                isCut = true
                return
            }
            let relative = directory + "/" + name
            switch Self.kind(root.path + relative) {
            case S_IFDIR: look(in: relative, of: root, depth: depth + 1)
            case S_IFREG: take(relative, name, in: root, isLink: false)
            case S_IFLNK: take(relative, name, in: root, isLink: true)
            default: break
            }
        }
    }

    private mutating func take(_ relative: String, _ name: String, in root: PackageContents.Root, isLink: Bool) {
        let shown = root.lambdaPath + relative
        // The same file of an earlier layer hides this one.
        guard taken.insert(shown).inserted else { return }
        if places[name] == nil { places[name] = shown }
        let role = role(relative, shown)
        if isLink, role == .file {
            // What it leads to inside the package is looked at under its own name.
            let target = FileFacts.realPath(root.path + relative)
            if let target, !realRoots.contains(where: { target.hasPrefix($0 + "/") }) { linksOutside += 1 }
            return
        }
        guard let artifact = ArtifactReader.artifact(path: root.path + relative, shownPath: shown, role: role) else {
            return
        }
        if role == .bootstrap { hasBootstrap = true }
        artifacts.append(artifact)
    }

    /// Lambda looks for the bootstrap in /var/task, then in /opt; extensions lie directly in /opt/extensions.
    private func role(_ relative: String, _ shown: String) -> PackageContents.Artifact.Role {
        if relative == "/bootstrap" { return hasBootstrap ? .file : .bootstrap }
        let isExtension = shown.hasPrefix("/opt/extensions/") && relative.split(separator: "/").count == 2
        return isExtension ? .extension : .file
    }

    private static func rank(_ artifact: PackageContents.Artifact) -> (Int, String) {
        switch artifact.role {
        case .bootstrap: (0, artifact.shownPath)
        case .extension: (1, artifact.shownPath)
        case .file: (2, artifact.shownPath)
        }
    }

    /// Of the link itself, not of what it leads to; 0 when there is nothing.
    private static func kind(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    /// Sorted; `nil` when it cannot be read.
    private static func names(in path: String, atMost limit: Int) -> [String]? {
        guard let directory = opendir(path) else { return nil }
        defer { closedir(directory) }
        var result: [String] = []
        while result.count < limit, let entry = readdir(directory) {
            let name = String(cString: entry.entryName)
            if name != "." && name != ".." { result.append(name) }
        }
        return result.sorted()
    }
}
