import Archive
import LambdaModel
import Sandbox

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Artifacts as they were, for environments that go on with them while a build puts others into their place.
///
/// They are copies: further names of the same files would change the times by which a build knows its artifacts again.
/// All of them lie in one directory, which disappears with Apus, even when it is killed.
final class ArtifactSnapshots {
    private let parent: String
    private var directory: TemporaryDirectory?
    private var count = 0

    init(in parent: String) {
        self.parent = parent
    }

    /// - Returns: the path of what is in `directory` now.
    func make(of artifact: String) throws -> String {
        if directory == nil {
            directory = try TemporaryDirectory.make(prefix: "served-", in: Self.resolved(parent))
            // Functions run as another user.
            if let path = directory?.path { chmod(path, 0o755) }
        }
        count += 1
        let path = (directory?.path ?? "") + "/\(count)"
        guard mkdir(path, 0o755) == 0 else { throw Self.failure(path) }
        do throws(ApusError) {
            try Self.copy(artifact, to: path)
        } catch {
            Self.remove(path)
            throw error
        }
        return path
    }

    /// Removes one of them.
    static func remove(_ path: String) { try? FileTree.remove(path) }

    private static func resolved(_ path: String) throws(ApusError) -> String {
        guard let resolved = realpath(path, nil) else { throw failure(path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func copy(_ source: String, to destination: String) throws(ApusError) {
        guard let stream = opendir(source) else { throw failure(source) }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            try copyEntry(source + "/" + name, to: destination + "/" + name)
        }
    }

    private static func copyEntry(_ source: String, to destination: String) throws(ApusError) {
        var status = stat()
        guard lstat(source, &status) == 0 else { throw failure(source) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            guard mkdir(destination, 0o700) == 0 else { throw failure(destination) }
            try copy(source, to: destination)
            guard chmod(destination, status.st_mode & 0o7777) == 0 else { throw failure(destination) }
        case S_IFLNK:
            var target = [CChar](repeating: 0, count: 4097)
            guard readlink(source, &target, 4096) >= 0, symlink(target, destination) == 0 else {
                throw failure(destination)
            }
        default:
            try copyFile(source, to: destination, mode: status.st_mode & 0o7777)
        }
    }

    private static func copyFile(_ source: String, to destination: String, mode: mode_t) throws(ApusError) {
        let input = open(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard input >= 0 else { throw failure(source) }
        defer { close(input) }
        let output = open(destination, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard output >= 0 else { throw failure(destination) }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            let count = read(input, &buffer, buffer.count)
            guard count >= 0 else { throw failure(source) }
            guard count > 0 else { break }
            var written = 0
            while written < count {
                let step = buffer.withUnsafeBytes { bytes in
                    write(output, bytes.baseAddress.map { $0 + written }, count - written)
                }
                guard step > 0 else { throw failure(destination) }
                written += step
            }
        }
        guard fchmod(output, mode) == 0 else { throw failure(destination) }
    }

    private static func failure(_ path: String) -> ApusError {
        ApusError("serve.snapshot", "cannot keep \(path) for functions that run: \(ByteSource.text(of: errno))")
    }
}
