package import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A file with an empty ext4 file system, for a /tmp that is no memory. Disappears with this value, as its directory does.
package final class TemporaryDisk: Sendable {
    package let path: String
    private let directory: TemporaryDirectory

    /// In ms; it takes 30.
    private static let patience: Int32 = 60_000

    /// Takes no room on the disk before something is written.
    ///
    /// - Throws: `tmp.disk` where there is no mkfs.ext4, or it fails.
    package init(megabytes: Int) throws(ApusError) {
        guard geteuid() == 0 else {
            throw ApusError(
                "tmp.disk",
                "--tmp disk needs root: only root may mount a loop device",
                hint: "leave it out: /tmp then lies in memory, which does not count as the function's"
            )
        }
        do throws(LaunchFailure) {
            directory = try TemporaryDirectory.make(prefix: "disk-")
            path = directory.path + "/tmp.ext4"
            try Self.makeFile(path, bytes: megabytes << 20)
        } catch {
            throw ApusError("tmp.disk", "the disk for /tmp cannot be made: \(error.lambdaMessage)")
        }
        try Self.makeFileSystem(path)
    }

    /// Removes it now.
    package func remove() {
        directory.remove()
    }

    private static func makeFile(_ path: String, bytes: Int) throws(LaunchFailure) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .host(code: errno, operation: "make \(path)") }
        defer { Descriptors.close(file) }
        guard ftruncate(file, off_t(bytes)) == 0 else { throw .host(code: errno, operation: "size \(path)") }
    }

    private static func makeFileSystem(_ path: String) throws(ApusError) {
        let programs = ["/sbin/mkfs.ext4", "/usr/sbin/mkfs.ext4", "/usr/bin/mkfs.ext4"]
        guard let program = programs.first(where: HostFile.isExecutable) else {
            throw ApusError(
                "tmp.disk",
                "--tmp disk needs mkfs.ext4, which is not here",
                hint: "install e2fsprogs, or leave the option out"
            )
        }
        // No journal: what is in there ends with the function.
        let options = ["-q", "-F", "-m", "0", "-O", "^has_journal", "-E", "lazy_itable_init=1,nodiscard", path]
        let result = Result { () throws(LaunchFailure) in
            try LaunchTrial.run(
                LaunchSpecification(
                    executable: program,
                    arguments: [program] + options,
                    environment: ["LC_ALL": "C"],
                    workingDirectory: "/"
                ),
                patience: patience
            )
        }
        guard case .success(let trial) = result, trial.exit?.status == .exited(0) else {
            let words = (try? result.get()).map { String(decoding: $0.output, as: UTF8.self) } ?? ""
            throw ApusError("tmp.disk", "mkfs.ext4 failed: \(Printable.text(words))")
        }
    }
}
