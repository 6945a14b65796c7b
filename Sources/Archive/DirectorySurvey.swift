package import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What packing a directory would give, found out before any of it is compressed.
package struct DirectorySurvey: Sendable, Hashable {
    package struct File: Sendable, Hashable {
        /// Relative to the directory.
        package var path: String
        package var bytes: Int

        package init(path: String, bytes: Int) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// Bytes of all files together: the unpacked size that Lambda counts.
    package private(set) var bytes = 0
    /// Files, links and directories.
    package private(set) var entries = 0
    /// The largest files, the largest first.
    package private(set) var largest: [File] = []

    private static let largestCount = 3

    /// Walks the directory. Refused, as Lambda's users could not unpack them: links that lead out of the directory,
    /// sockets and devices, names that are not UTF-8, nesting beyond what an archive may have.
    package init(of directory: String) throws(ApusError) {
        var walk = Walk(root: directory)
        let handle = try FileHandle(open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) { code in
            ArchiveError(path: directory).system("cannot pack this directory", code)
        }
        try walk.visit(handle, at: EntryPath(components: []))
        try walk.links.check(error: ArchiveError(path: directory))
        self = walk.survey
    }

    private init() {}

    private struct Walk {
        let root: String
        var survey = DirectorySurvey()
        var links = SymbolicLinkGraph()

        init(root: String) { self.root = root }

        mutating func visit(_ directory: borrowing FileHandle, at place: EntryPath) throws(ApusError) {
            let prefix = place.components.map { String(decoding: $0, as: UTF8.self) + "/" }.joined()
            guard place.components.count <= EntryPath.maximumDepth else {
                throw problem(prefix, "is nested too deeply to pack")
            }
            for name in try DirectoryNames.read(directory, or: { problem(prefix + $0, $1) }) {
                let path = prefix + name
                let entry = EntryPath(components: place.components + [Array(name.utf8)])
                var status = stat()
                guard fstatat(directory.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                    throw problem(path, ErrnoName.lambdaName(of: errno))
                }
                survey.entries += 1
                switch status.st_mode & S_IFMT {
                case S_IFDIR:
                    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
                    let child = try FileHandle(
                        openat(directory.descriptor, name, flags),
                        or: { problem(path, ErrnoName.lambdaName(of: $0)) }
                    )
                    try visit(child, at: entry)
                case S_IFREG: survey.add(File(path: path, bytes: Int(status.st_size)))
                case S_IFLNK:
                    let target = try DirectoryNames.target(of: name, in: directory, or: { problem(path, $0) })
                    _ = links.add(entry, target: target)
                default: throw problem(path, "is neither a file nor a directory nor a symbolic link")
                }
            }
        }

        private func problem(_ path: String, _ text: String) -> ApusError {
            ArchiveError(path: root)(.archiveInputOutput, "cannot pack '\(ArchiveError.printable(path))': \(text)")
        }
    }

    private mutating func add(_ file: File) {
        bytes += file.bytes
        largest.append(file)
        // Of equal ones the first in the order of names, so that messages are the same every time.
        largest.sort { $0.bytes > $1.bytes || $0.bytes == $1.bytes && $0.path < $1.path }
        if largest.count > Self.largestCount { largest.removeLast() }
    }
}
