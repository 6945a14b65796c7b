import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Reads small files that a build has to look into beforehand.
enum TextFile {
    /// Beyond any real manifest; what is longer is not looked at.
    static let maximumBytes = 4 << 20

    /// The text of a file; `nil` where it cannot be read, is too long or is not UTF-8.
    static func text(_ path: String) -> String? {
        guard let file = try? OpenFile(path, O_RDONLY | O_NONBLOCK, "cannot read") else { return nil }
        var status = stat()
        guard fstat(file.descriptor, &status) == 0, status.st_size <= maximumBytes else { return nil }
        return String(validating: read(file, path, count: Int(status.st_size)), as: UTF8.self)
    }

    /// The first bytes of a file, fewer where it is shorter; none where it cannot be read.
    static func start(of path: String, count: Int) -> [UInt8] {
        guard let file = try? OpenFile(path, O_RDONLY | O_NONBLOCK, "cannot read") else { return [] }
        return read(file, path, count: count)
    }

    private static func read(_ file: borrowing OpenFile, _ path: String, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<count]
                )
                guard let read = try? file.read(into: rest, path), read > 0 else { return }
                filled += read
            }
        }
    }
}
