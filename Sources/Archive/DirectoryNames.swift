import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What lies in an open directory.
enum DirectoryNames {
    /// Names without `.` and `..`, in byte order, which is the same in every language and on every file system.
    ///
    /// - Parameter problem: makes the error for a name (empty: the directory itself) and what is wrong with it.
    static func read(
        _ directory: borrowing FileHandle,
        or problem: (_ name: String, _ text: String) -> ApusError
    ) throws(ApusError) -> [String] {
        let copy = openat(directory.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else { throw problem("", ErrnoName.lambdaName(of: errno)) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = entry.entryName
            guard let text = String(validatingCString: name) else {
                throw problem(String(cString: name), "has a name that is not UTF-8")
            }
            if text != ".", text != ".." { names.append(text) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Where a symbolic link in an open directory leads, as written.
    static func target(
        of name: String,
        in directory: borrowing FileHandle,
        or problem: (_ text: String) -> ApusError
    ) throws(ApusError) -> String {
        var count = 0
        let target = [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, filled in
            count = buffer.withMemoryRebound(to: CChar.self) {
                guard let base = $0.baseAddress else { return -1 }
                return readlinkat(directory.descriptor, name, base, $0.count)
            }
            filled = max(count, 0)
        }
        guard count > 0 else { throw problem(ErrnoName.lambdaName(of: errno)) }
        guard let text = String(validating: target, as: UTF8.self) else {
            throw problem("links to a name that is not UTF-8")
        }
        return text
    }
}
