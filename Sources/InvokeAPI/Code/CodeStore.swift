import Archive
import Crypto
package import FunctionStore
package import LambdaModel
import SystemPackage

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The code of created functions and layers: each zip once, under the SHA-256 of its bytes, and unpacked beside it.
///
/// Its calls block. What `take` has returned is on the disk; what is unpacked can be unpacked anew at any time.
package struct CodeStore: Sendable {
    /// Absolute.
    private let directory: String

    package init(in state: StateDirectory) throws(ApusError) {
        directory = try state.directory("code")
    }

    /// Keeps a zip archive.
    ///
    /// - Returns: its SHA-256 in hexadecimal.
    /// - Throws: `ApusError` of `Archive` when it is no archive that Lambda would unpack.
    func take(_ zip: [UInt8]) throws(ApusError) -> String {
        let sha256 = Self.hexadecimal(SHA256.hash(data: zip))
        let path = archivePath(of: sha256)
        if access(path, F_OK) != 0 { try write(zip, to: path) }
        do throws(ApusError) {
            _ = try contents(of: sha256)
        } catch {
            unlink(path)
            throw error
        }
        return sha256
    }

    /// Keeps what lies at a path of this machine as an archive: a directory, a zip, or a file that is a bootstrap.
    func pack(_ path: String) throws(ApusError) -> (sha256: String, size: Int) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Self.failure(path, errno) }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        let place = directory + "/packed.part-" + RequestIdentifier.random()
        defer { unlink(place) }
        if isDirectory { try Archive.write(directory: path, to: place) }
        guard let bytes = FileBytes.read(isDirectory ? place : path, limit: Quotas.unzippedPackageBytes) else {
            throw Self.failure(path, EFBIG)
        }
        return (try take(bytes), bytes.count)
    }

    /// The directory with what was in the archive.
    func contents(of sha256: String) throws(ApusError) -> String {
        let path = directory + "/" + sha256
        if access(path, F_OK) == 0 { return path }
        // A name of its own until it is whole: an unpacking that was cut off is never taken for the code.
        let temporary = path + ".part-" + RequestIdentifier.random()
        try Archive.extract(zip: archivePath(of: sha256), to: temporary)
        guard rename(temporary, path) == 0 else {
            let code = errno
            try? FileTree.remove(temporary)
            // Somebody else was faster.
            if access(path, F_OK) == 0 { return path }
            throw Self.failure(path, code)
        }
        return path
    }

    func archivePath(of sha256: String) -> String { directory + "/" + sha256 + ".zip" }

    /// Bytes of the files that were unpacked.
    func unpackedSize(of sha256: String) throws(ApusError) -> Int {
        try Archive.list(zip: archivePath(of: sha256)).reduce(0) { $0 + $1.size }
    }

    /// Removes everything that is not named.
    func removeAll(but kept: Set<String>) {
        for name in FileTree.names(in: directory) {
            let sha256 = name.hasSuffix(".zip") ? String(name.dropLast(4)) : name
            if kept.contains(sha256) { continue }
            if name.hasSuffix(".zip") {
                unlink(directory + "/" + name)
            } else {
                try? FileTree.remove(directory + "/" + name)
            }
        }
    }

    // MARK: Parts

    private func write(_ bytes: [UInt8], to path: String) throws(ApusError) {
        let temporary = path + ".part-" + RequestIdentifier.random()
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(temporary, errno) }
        defer { close(descriptor) }
        do {
            _ = try FileDescriptor(rawValue: descriptor).writeAll(bytes)
            guard fsync(descriptor) == 0, rename(temporary, path) == 0, syncDirectory() else {
                throw Errno(rawValue: errno)
            }
        } catch {
            unlink(temporary)
            throw Self.failure(path, (error as? Errno)?.rawValue ?? EIO)
        }
    }

    /// Makes a new name last.
    private func syncDirectory() -> Bool {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    private static func failure(_ path: String, _ code: Int32) -> ApusError {
        ApusError("code.store", "cannot keep the code in \(path): \(ErrnoName.lambdaName(of: code))")
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 2 ? text : "0" + text
        }.joined()
    }
}
