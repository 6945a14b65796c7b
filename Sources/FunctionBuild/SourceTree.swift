import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The files of a directory as a build sees them: `.aws-sam` and `.git` left out at every level, as in SAM.
///
/// A symbolic link stays a link where it leads to a place in the tree. A link that leads out of it would lead nowhere on
/// Lambda: what it points to takes its place, as SAM does with all links. A link to nothing stays as it is.
struct SourceTree {
    struct Entry {
        enum Kind: Equatable {
            case file
            case directory
            case link(target: String)
        }

        /// Relative to the tree's root.
        var path: String
        /// The real file, which lies elsewhere where a link leads out of the tree.
        var source: String
        var kind: Kind
        var permissions: UInt16
        var stamp: FileStamp
    }

    /// Sorted by path in byte order within each directory; a directory comes before what is in it.
    private(set) var entries: [Entry] = []
    /// Sockets, FIFOs and devices, which no package can hold.
    private(set) var skipped: [String] = []

    private let root: String
    private let excludedPaths: Set<String>
    private let followsLinks: Bool
    /// Real paths of the directories above the current one, beyond links.
    private var followed: [String] = []

    private static let excludedNames: Set<String> = [".aws-sam", ".git"]
    private static let maximumEntries = 1_000_000
    private static let maximumDepth = 128

    /// Sources: walks `root`, a real path. `excludedPaths` are real paths, too.
    static func sources(_ root: String, excludedPaths: Set<String>) throws(ApusError) -> SourceTree {
        var tree = SourceTree(root: root, excludedPaths: excludedPaths, followsLinks: true)
        try tree.walk(root, "", depth: 0)
        return tree
    }

    /// An artifact: everything in it, links as links.
    static func artifact(_ root: String) throws(ApusError) -> SourceTree {
        var tree = SourceTree(root: root, excludedPaths: [], followsLinks: false)
        try tree.walk(root, "", depth: 0)
        return tree
    }

    private init(root: String, excludedPaths: Set<String>, followsLinks: Bool) {
        self.root = root
        self.excludedPaths = excludedPaths
        self.followsLinks = followsLinks
    }

    private mutating func walk(_ directory: String, _ prefix: String, depth: Int) throws(ApusError) {
        guard depth <= Self.maximumDepth else {
            throw ApusError(.buildInputOutput, "'\(directory)' is nested too deeply")
        }
        guard !Task.isCancelled else { throw ApusError(.buildCancelled, "cancelled") }
        for name in try Directory.names(directory) {
            let source = Paths.join(directory, name)
            if followsLinks, Self.excludedNames.contains(name) || excludedPaths.contains(source) { continue }
            var status = stat()
            guard lstat(source, &status) == 0 else { throw systemError("cannot read", source, errno) }
            try add(source, prefix.isEmpty ? name : prefix + "/" + name, status, depth: depth)
        }
    }

    private mutating func add(
        _ source: String,
        _ path: String,
        _ status: stat,
        depth: Int
    ) throws(ApusError) {
        guard entries.count < Self.maximumEntries else {
            throw ApusError(
                .buildInputOutput,
                "'\(root)' holds more than \(Self.maximumEntries) files",
                hint: "Does a symbolic link lead to a large directory, or CodeUri to the wrong one?"
            )
        }
        var entry = Entry(
            path: path,
            source: source,
            kind: .file,
            permissions: UInt16(status.st_mode & 0o777),
            stamp: FileStamp(status)
        )
        switch status.st_mode & S_IFMT {
        case S_IFREG: entries.append(entry)
        case S_IFDIR:
            entry.kind = .directory
            entries.append(entry)
            try walk(source, path, depth: depth + 1)
        case S_IFLNK: try addLink(entry, depth: depth)
        default: skipped.append(path)
        }
    }

    private mutating func addLink(_ entry: Entry, depth: Int) throws(ApusError) {
        var entry = entry
        let target = try Self.linkTarget(entry.source)
        entry.kind = .link(target: target)
        let directory = Paths.parent(entry.path)
        guard followsLinks, let real = Directory.realPath(entry.source) else {
            entries.append(entry)
            return
        }
        if let inside = Paths.relative(real, in: root), followed.isEmpty {
            if !Paths.staysInside(target, from: directory) {
                entry.kind = .link(target: Paths.path(from: directory, to: inside))
            }
            entries.append(entry)
            return
        }
        guard Paths.relative(root, in: real) == nil, !followed.contains(where: { Paths.relative($0, in: real) != nil })
        else {
            throw ApusError(
                .buildInvalid,
                "the symbolic link '\(entry.source)' leads to '\(real)', which holds the link itself",
                hint: "Remove the link, or point CodeUri to a directory without it."
            )
        }
        var status = stat()
        guard stat(real, &status) == 0 else { throw systemError("cannot read", real, errno) }
        followed.append(real)
        try add(real, entry.path, status, depth: depth)
        followed.removeLast()
    }

    static func linkTarget(_ path: String) throws(ApusError) -> String {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, filled in
            count = buffer.withMemoryRebound(to: CChar.self) { buffer in
                guard let base = buffer.baseAddress else { return -1 }
                return readlink(path, base, buffer.count)
            }
            filled = max(count, 0)
        }
        guard count >= 0 else { throw systemError("cannot read the link", path, errno) }
        guard let target = String(validating: bytes, as: UTF8.self) else {
            throw ApusError(.buildInputOutput, "the target of the link '\(path)' is not UTF-8")
        }
        return target
    }
}
