import Archive
import LambdaModel
import Sandbox

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A function's code and layers as directories. Archives are unpacked into temporary directories, which live as long
/// as this value and disappear even when Apus is killed.
struct PreparedCode {
    let taskRoot: String
    /// The winning one first.
    let layerRoots: [String]
    private let temporary: [TemporaryDirectory]

    init(_ function: SelectedFunction) throws {
        var temporary: [TemporaryDirectory] = []
        taskRoot = try Self.directory(of: function.code, &temporary)
        layerRoots = try function.layers.map { try Self.directory(of: $0, &temporary) }.reversed()
        self.temporary = temporary
    }

    /// Removes the temporary directories now.
    func remove() {
        for directory in temporary { directory.remove() }
    }

    private static func directory(of code: FunctionCode, _ temporary: inout [TemporaryDirectory]) throws -> String {
        switch code {
        case .directory(let path):
            return try absolute(path)
        case .zip(let path):
            let directory = try TemporaryDirectory.make(prefix: "task-")
            temporary.append(directory)
            try Archive.extract(zip: path, to: directory.path)
            return directory.path
        case .file(let path):
            // The file takes the place of `bootstrap`; a link leaves it where its neighbours are.
            let directory = try TemporaryDirectory.make(prefix: "task-")
            temporary.append(directory)
            let target = try absolute(path)
            guard symlink(target, directory.path + "/bootstrap") == 0 else {
                throw LaunchFailure.host(code: errno, operation: "symlink")
            }
            return directory.path
        }
    }

    private static func absolute(_ path: String) throws -> String {
        guard let resolved = realpath(path, nil) else {
            throw ApusError("code.missing", "\(path): \(ByteSource.text(of: errno))")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
