import LambdaModel

/// One value for everything that goes into a build: same fingerprint, same artifact.
struct BuildFingerprint {
    let text: String
    /// Digests of all files that were read for it.
    let digests: DigestCache

    /// `tree` is the walked source tree where the code is a directory. `known` spares reading unchanged files again.
    init(
        _ plan: BuildPlan,
        tree: SourceTree?,
        artifactDirectory: String,
        excludedPaths: Set<String>,
        environment: [String: String],
        known: DigestCache?
    ) throws(ApusError) {
        var hashing = Hashing(known: known)
        let request = plan.request
        hashing.digest.add("apus build 2")
        for field in [
            request.logicalID, request.kind.rawValue, request.architecture.rawValue, plan.source, artifactDirectory,
            // What is said of the artifact depends on them.
            request.runtime?.identifier ?? "", request.handler, request.hasLayers ? "layers" : "",
        ] { hashing.digest.add(field) }
        switch plan.action {
        case .copyTree: hashing.digest.add("copy")
        case .shell: hashing.digest.add("shell")
        case .compile(let sources): try Self.add(sources, request, environment, excludedPaths, to: &hashing)
        case .copyFile, .unpack:
            hashing.digest.add("file")
            try hashing.addFile(plan.source)
        case .make(let rules):
            try Self.add(rules, request, environment, excludedPaths, to: &hashing)
        case .cargo(let project):
            try Self.add(project, request, environment, excludedPaths, to: &hashing)
        }
        if let tree { try hashing.add(tree) }
        text = hashing.digest.finished()
        digests = hashing.digests
    }

    private static func add(
        _ rules: MakefileRules,
        _ request: BuildRequest,
        _ environment: [String: String],
        _ excludedPaths: Set<String>,
        to hashing: inout Hashing
    ) throws(ApusError) {
        hashing.digest.add("make")
        hashing.digest.add(rules.makefile)
        try hashing.addFile(rules.makefile)
        // Fragments beside the Makefile, which it may include.
        let directory = Paths.parent(rules.makefile)
        for name in try Directory.names(directory) where name.hasSuffix(".mk") {
            hashing.digest.add(name)
            try hashing.addFile(Paths.join(directory, name))
        }
        switch rules.workingDirectory {
        case .copy(let path): hashing.digest.add("copy " + path)
        case .place(let path):
            hashing.digest.add("place " + path)
            try hashing.add(SourceTree.sources(path, excludedPaths: excludedPaths))
        }
        Self.add(environment, request, to: &hashing)
    }

    private static func add(
        _ environment: [String: String],
        _ request: BuildRequest,
        to hashing: inout Hashing
    ) {
        for key in environment.keys.sorted() where BuildEnvironment.isRelevant(key, request) {
            hashing.digest.add(key)
            hashing.digest.add(environment[key] ?? "")
        }
    }
}

extension BuildFingerprint {
    /// Everything that cargo reads of the user's own, and the compiler.
    private static func add(
        _ project: CargoProject,
        _ request: BuildRequest,
        _ environment: [String: String],
        _ excludedPaths: Set<String>,
        to hashing: inout Hashing
    ) throws(ApusError) {
        hashing.digest.add("cargo")
        hashing.digest.add(request.binary ?? "")
        for root in project.roots {
            hashing.digest.add(root)
            let excluded = excludedPaths.union(project.targetDirectories)
            try hashing.add(SourceTree.sources(root, excludedPaths: excluded))
        }
        for file in project.configurations {
            hashing.digest.add(file.path)
            try hashing.addFile(file.path)
        }
        for stamp in RustToolchain.stamps(environment) { hashing.digest.add(stamp) }
        add(environment, request, to: &hashing)
    }

    private static func add(
        _ sources: any CompiledSources,
        _ request: BuildRequest,
        _ environment: [String: String],
        _ excludedPaths: Set<String>,
        to hashing: inout Hashing
    ) throws(ApusError) {
        for field in sources.identity + [request.binary ?? ""] {
            hashing.digest.add(field)
        }
        let excluded = excludedPaths.union(sources.outputDirectories)
        for root in sources.roots {
            hashing.digest.add(root)
            try hashing.add(SourceTree.sources(root, excludedPaths: excluded))
        }
        for stamp in sources.toolStamps(environment) { hashing.digest.add(stamp) }
        add(environment, request, to: &hashing)
    }

    /// The state of one computation.
    private struct Hashing {
        var digest = ContentDigest()
        var digests = DigestCache()
        let known: DigestCache?

        init(known: DigestCache?) { self.known = known }

        mutating func add(_ tree: SourceTree) throws(ApusError) {
            for entry in tree.entries {
                digest.add(entry.path)
                digest.add(String(entry.permissions, radix: 8))
                switch entry.kind {
                case .directory: digest.add("directory")
                case .link(let target):
                    digest.add("link")
                    digest.add(target)
                case .file:
                    digest.add("file")
                    try addFile(entry.source, stamp: entry.stamp)
                }
            }
        }

        mutating func addFile(_ path: String) throws(ApusError) {
            try addFile(path, stamp: try FileStamp.of(path))
        }

        private mutating func addFile(_ path: String, stamp: FileStamp) throws(ApusError) {
            let value: String
            if let digest = known?.digest(of: path, stamp: stamp) {
                value = digest
            } else {
                value = try ContentDigest.file(path)
            }
            digests.entries[path] = DigestCache.Entry(stamp: stamp.text, digest: value)
            digest.add(value)
        }
    }
}
