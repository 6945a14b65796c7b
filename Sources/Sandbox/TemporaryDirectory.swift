internal import CLauncher
internal import Synchronization

package import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A private directory (mode 0700) that disappears with this value, and also when Apus is killed: a process of its own,
/// the janitor, waits for the end of Apus and removes it.
package final class TemporaryDirectory: Sendable {
    /// Absolute path.
    package let path: String

    private struct Janitor {
        var pid: Int32
        var control: Int32
    }
    private let janitor: Mutex<Janitor?>

    /// The janitor refuses to remove anything else.
    private static let requiredPrefix = "apus-"

    /// Makes `<directory>/apus-<prefix><random>`; the prefix must not hold a slash.
    ///
    /// - Parameter directory: absolute; by default `$TMPDIR` or /tmp.
    package static func make(
        prefix: String = "",
        in directory: String? = nil
    ) throws(LaunchFailure) -> TemporaryDirectory {
        let path =
            (directory ?? parent()) + "/" + requiredPrefix + prefix.filter { $0 != "/" && $0 != "\0" } + randomName()
        // The janitor comes first: a kill between the two leaves nothing behind.
        let sockets = try Descriptors.socketPair()
        defer { Descriptors.close(sockets.launcher) }
        let pid: Int32
        do {
            pid = try LauncherProcess.spawn(
                APUS_JANITOR_NAME,
                control: sockets.launcher,
                entries: [String(UnicodeScalar(UInt8(APUS_ENTRY_DIRECTORY))) + path]
            )
        } catch {
            Descriptors.close(sockets.own)
            throw error
        }
        // From here on it removes the directory if anything fails.
        let result = TemporaryDirectory(path: path, janitor: Janitor(pid: pid, control: sockets.own))
        guard mkdir(path, 0o700) == 0 else { throw .host(code: errno, operation: "mkdir \(path)") }
        return result
    }

    private init(path: String, janitor: Janitor) {
        self.path = path
        self.janitor = Mutex(janitor)
    }

    deinit { remove() }

    /// Removes the directory with all it holds and waits until that is done: some seconds at most, where processes
    /// still write into it. May be called again.
    package func remove() {
        let janitor = self.janitor.withLock { janitor in
            defer { janitor = nil }
            return janitor
        }
        guard let janitor else { return }
        Descriptors.close(janitor.control)
        while waitpid(janitor.pid, nil, 0) < 0 && errno == EINTR {}
    }

    /// `$TMPDIR` where that is an absolute path of a directory, else /tmp.
    private static func parent() -> String {
        guard let variable = getenv("TMPDIR") else { return "/tmp" }
        let path = String(cString: variable)
        guard path.hasPrefix("/"), path != "/", HostFile.kind(path) == .directory else { return "/tmp" }
        return path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// 80 random bits: nobody can have made a file of that name before.
    private static func randomName() -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
        return String((0..<16).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }
}
