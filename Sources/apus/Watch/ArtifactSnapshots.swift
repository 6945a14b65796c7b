import Archive
import FunctionBuild
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
            try ArtifactCopy.make(of: artifact, in: path)
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

    private static func failure(_ path: String) -> ApusError {
        ApusError("serve.snapshot", "cannot keep \(path) for functions that run: \(ByteSource.text(of: errno))")
    }
}
