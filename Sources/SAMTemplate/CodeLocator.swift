package import LambdaModel

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Finds out what a local path holds: a directory, a zip archive or a single file.
package enum CodeLocator {
    /// `nil` when there is nothing at `path`, or nothing that can be code (a socket, a device).
    package static func locate(_ path: String) -> FunctionCode? {
        guard !path.isEmpty, !path.utf8.contains(0) else { return nil }
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .directory(path: path)
        case S_IFREG: return isZip(path) ? .zip(path: path) : .file(path: path)
        default: return nil
        }
    }

    /// By its name, so that a broken archive is called a broken archive, or by its first bytes.
    private static func isZip(_ path: String) -> Bool {
        if path.lowercased().hasSuffix(".zip") || path.lowercased().hasSuffix(".jar") { return true }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: 4)
        let count = head.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        // The local file header, or the end record of an empty archive (PKWARE APPNOTE 4.3.7, 4.3.16).
        return count == 4 && (head == [0x50, 0x4B, 0x03, 0x04] || head == [0x50, 0x4B, 0x05, 0x06])
    }
}
