#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// A directory of a test's own under /tmp.
enum TemporaryDirectory {
    /// Removed when `body` is through.
    static func with<Result>(_ body: (String) throws -> Result) rethrows -> Result {
        var name = Array("/tmp/apus-state-XXXXXX".utf8CString)
        mkdtemp(&name)
        let path = String(decoding: name.dropLast().map(UInt8.init), as: UTF8.self)
        defer { _ = system("rm -rf '\(path)'") }
        return try body(path)
    }

    static func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}
