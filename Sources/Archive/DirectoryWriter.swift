import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Creates files below one directory and nowhere else: every step down is an `openat` that follows no link, and every
/// file is new. What lies at a name already is never opened, replaced or written through.
struct DirectoryWriter: ~Copyable {
    private let root: FileHandle
    private let error: ArchiveError
    private let maximumEntries: Int
    private var created = 0
    /// The directory of the last file, since most files follow one from the same directory.
    private var current: FileHandle
    private var currentPath = EntryPath(components: [])

    init(root path: String, limits: ExtractionLimits, error: ArchiveError) throws(ApusError) {
        let target = ArchiveError(path: path)
        let problem = { target.system("cannot write to this directory", $0) }
        let root = try FileHandle(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), or: problem)
        let current = try FileHandle(fcntl(root.descriptor, F_DUPFD_CLOEXEC, 0), or: problem)
        self.root = root
        self.current = current
        self.error = error
        maximumEntries = limits.entries
    }

    /// Makes the directory and those above it, or changes the permissions of the one that is there.
    mutating func makeDirectory(_ path: EntryPath, permissions: UInt16) throws(ApusError) {
        try enter(path)
        guard fchmod(current.descriptor, mode_t(permissions)) == 0 else {
            throw failure(path, errno)
        }
    }

    /// Makes a new file and hands its descriptor to `fill`.
    mutating func makeFile(
        _ path: EntryPath,
        permissions: UInt16,
        fill: (CInt) throws(ApusError) -> Void
    ) throws(ApusError) {
        try count()
        try enter(path.parent)
        guard let name = path.components.last else { throw failure(path, EISDIR) }
        let file = try FileHandle(
            withCString(name) {
                openat(current.descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            },
            or: { failure(path, $0) }
        )
        try fill(file.descriptor)
        guard fchmod(file.descriptor, mode_t(permissions)) == 0 else { throw failure(path, errno) }
    }

    mutating func makeSymbolicLink(_ path: EntryPath, target: String) throws(ApusError) {
        try count()
        try enter(path.parent)
        guard let name = path.components.last else { throw failure(path, EISDIR) }
        guard withCString(name, { symlinkat(target, current.descriptor, $0) }) == 0 else {
            throw failure(path, errno)
        }
    }

    /// Makes `path` the current directory, creating what is missing of it.
    private mutating func enter(_ path: EntryPath) throws(ApusError) {
        guard path != currentPath else { return }
        var directory = try FileHandle(fcntl(root.descriptor, F_DUPFD_CLOEXEC, 0), or: { failure(path, $0) })
        for component in path.components {
            if withCString(component, { mkdirat(directory.descriptor, $0, 0o700) }) == 0 {
                try count()
                _ = withCString(component) { fchmodat(directory.descriptor, $0, 0o755, 0) }
            } else if errno != EEXIST {
                throw failure(path, errno)
            }
            let child = withCString(component) {
                openat(directory.descriptor, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            }
            directory = try FileHandle(child, or: { failure(path, $0) })
        }
        current = directory
        currentPath = path
    }

    private mutating func count() throws(ApusError) {
        created += 1
        guard created <= maximumEntries else {
            throw error(.archiveTooLarge, "unpacks to more than \(maximumEntries) files and directories")
        }
    }

    private func failure(_ path: EntryPath, _ code: CInt) -> ApusError {
        let name = path.components.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
        switch code {
        case EEXIST:
            return error.entry(
                .archiveUnsafe,
                name,
                "has the name of an earlier entry",
                hint: "Pack it again without duplicates."
            )
        case ENOTDIR, ELOOP:
            return error.entry(.archiveUnsafe, name, "lies below an entry that is not a directory")
        default:
            return error.entry(.archiveInputOutput, name, "cannot be written: \(ErrnoName.lambdaName(of: code))")
        }
    }
}
