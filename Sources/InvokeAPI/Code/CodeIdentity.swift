import Archive
import Crypto
import ExecutionEnvironment
import FunctionStore
import LambdaModel
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The `CodeSha256` and `CodeSize` of code that is no zip in the store: directories and files that are used where they are.
///
/// A directory has no zip to be hashed. Its identity is the SHA-256 over the names, permissions and contents of all that is
/// in it, so that it changes exactly when the code does.
package struct CodeIdentity: Hashable, Sendable {
    /// Base64, as in `CodeSha256`.
    var sha256: String
    /// Bytes.
    var size: Int

    init(sha256: String, size: Int) {
        self.sha256 = sha256
        self.size = size
    }

    /// Of an archive in the store.
    init(archive sha256: String, size: Int) {
        var bytes: [UInt8] = []
        var digits = sha256.utf8.makeIterator()
        while let high = digits.next(), let low = digits.next() {
            bytes.append(UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16) ?? 0)
        }
        self.init(sha256: Base64.encode(bytes), size: size)
    }

    /// What cannot be read counts as empty: the function says what is wrong with it when it is started.
    package init(path: String) {
        var reader = Reader()
        reader.add(path, name: "")
        self.init(sha256: Base64.encode(Array(reader.hash.finalize())), size: reader.size)
    }

    private struct Reader {
        var hash = SHA256()
        var size = 0

        mutating func add(_ path: String, name: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return }
            if !name.isEmpty { hash.update(data: Array("\(name)\0\(status.st_mode)\0".utf8)) }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                for entry in FileTree.names(in: path) { add(path + "/" + entry, name: name + "/" + entry) }
            case S_IFREG: addContents(of: path)
            case S_IFLNK: addTarget(of: path)
            default: break
            }
        }

        private mutating func addContents(of path: String) {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { return }
            defer { close(descriptor) }
            var buffer = [UInt8](repeating: 0, count: 256 * 1024)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { return }
                size += count
                hash.update(data: buffer[..<count])
            }
        }

        private mutating func addTarget(of path: String) {
            var buffer = [CChar](repeating: 0, count: 4096)
            let count = readlink(path, &buffer, buffer.count)
            if count > 0 { hash.update(data: buffer[..<count].map { UInt8(bitPattern: $0) }) }
        }
    }
}
