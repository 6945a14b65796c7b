internal import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Several directories over each other as one: files are hard links where that is possible, else copies. An engine mounts
/// one directory at a place, and only root could mount them over each other.
struct LinkedTree {
    /// Absolute path; a directory that everybody may enter, whatever the originals are.
    let path: String

    /// For archives that hold more nonsense than files.
    private static let maximumEntries = 1_000_000

    /// - Parameter roots: the winning one first.
    /// - Throws: `LaunchFailure.host` naming the file that can neither be linked nor read.
    init(of roots: [String], at path: String) throws(LaunchFailure) {
        self.path = path
        guard mkdir(path, 0o755) == 0 else { throw .host(code: errno, operation: "mkdir \(path)") }
        for root in roots { try Self.add(root, to: path) }
    }

    /// A single file, executable as it is.
    init(file: String, named name: String, at path: String) throws(LaunchFailure) {
        self.path = path
        guard mkdir(path, 0o755) == 0 else { throw .host(code: errno, operation: "mkdir \(path)") }
        guard let file = HostFile.realPath(file) else { throw .host(code: errno, operation: "find \(file)") }
        try Self.addFile(file, to: path + "/" + name, mode: 0o755)
    }

    /// What is there already wins.
    private static func add(_ source: String, to target: String) throws(LaunchFailure) {
        for name in HostFile.names(in: source, atMost: maximumEntries) {
            let from = source + "/" + name
            let to = target + "/" + name
            var status = stat()
            guard lstat(from, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                if mkdir(to, status.st_mode & 0o7777 | 0o700) != 0 {
                    guard errno == EEXIST else { throw .host(code: errno, operation: "mkdir \(to)") }
                    guard !HostFile.isLink(to), HostFile.kind(to) == .directory else { continue }
                }
                try add(from, to: to)
            case S_IFLNK:
                guard let text = HostFile.linkTarget(from) else { continue }
                guard symlink(text, to) == 0 || errno == EEXIST else {
                    throw .host(code: errno, operation: "link \(to)")
                }
            case S_IFREG:
                try addFile(from, to: to, mode: status.st_mode & 0o7777)
            default: continue
            }
        }
    }

    private static func addFile(_ source: String, to target: String, mode: mode_t) throws(LaunchFailure) {
        if link(source, target) == 0 || errno == EEXIST { return }
        // Another file system, or a file that the kernel does not let this user link.
        try copy(source, to: target, mode: mode)
    }

    private static func copy(_ source: String, to target: String, mode: mode_t) throws(LaunchFailure) {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw .host(code: errno, operation: "read \(source)") }
        defer { close(input) }
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard output >= 0 else { throw .host(code: errno, operation: "write \(target)") }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(input, &buffer, buffer.count)
            if count == 0 { return }
            guard count > 0, writeAll(buffer.prefix(count), to: output) else {
                throw .host(code: errno, operation: "copy \(source)")
            }
        }
    }

    static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
