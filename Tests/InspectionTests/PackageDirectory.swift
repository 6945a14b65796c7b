import Glibc
import Testing

/// A task root of a test, removed with the value.
final class PackageDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/apus-inspection-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { Self.remove(path) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o755) throws -> String {
        let parts = name.split(separator: "/").dropLast()
        for count in 1..<(parts.count + 1) {
            mkdir(path + "/" + parts.prefix(count).joined(separator: "/"), 0o755)
        }
        let descriptor = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        return path + "/" + name
    }

    /// A symbolic link.
    func link(_ name: String, to target: String) throws {
        try #require(symlink(target, path + "/" + name) == 0)
    }

    @discardableResult
    func write(_ name: String, _ text: String, mode: mode_t = 0o755) throws -> String {
        try write(name, Array(text.utf8), mode: mode)
    }

    private static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { remove(path + "/" + name) }
        }
        closedir(directory)
        rmdir(path)
    }
}
