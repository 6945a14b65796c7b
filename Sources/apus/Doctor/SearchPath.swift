#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The directories of `PATH`.
struct SearchPath: Sendable {
    private let directories: [String]

    init(_ path: String?) {
        directories = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
    }

    /// The first executable file of the name.
    func find(_ name: String) -> String? {
        // Relative directories would mean something else elsewhere.
        directories.lazy.filter { $0.hasPrefix("/") }.map { $0 + "/" + name }.first(where: Self.isProgram)
    }

    /// The first that is there of several names for the same thing.
    func find(_ names: [String]) -> String? {
        names.lazy.compactMap(find).first
    }

    /// A program that lies beside another one, links resolved: the tools of a toolchain that is in `PATH` only in part.
    func find(_ name: String, beside other: String) -> String? {
        guard let path = find(other), let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        let target = String(cString: resolved)
        guard let slash = target.lastIndex(of: "/") else { return nil }
        let candidate = target[...slash] + name
        return Self.isProgram(String(candidate)) ? String(candidate) : nil
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
