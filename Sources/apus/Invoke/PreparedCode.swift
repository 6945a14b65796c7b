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
    /// Empty for an image.
    let taskRoot: String
    /// The winning one first.
    let layerRoots: [String]
    /// A file that the backend has to put into the place of `bootstrap`, which is empty.
    let bootstrapFile: String?
    private let temporary: [TemporaryDirectory]

    /// - Parameter placesBootstrap: whether the backend can do that; a link does otherwise.
    init(_ function: SelectedFunction, placesBootstrap: Bool) throws {
        var temporary: [TemporaryDirectory] = []
        if case .file(let path) = function.code {
            bootstrapFile = placesBootstrap ? try Self.absolute(path) : nil
            taskRoot = try Self.directory(ofBootstrap: path, isLinked: !placesBootstrap, &temporary)
        } else {
            bootstrapFile = nil
            taskRoot = try function.code.map { try Self.directory(of: $0, &temporary) } ?? ""
        }
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
            // A layer is no file, so that this is never asked for.
            return try directory(ofBootstrap: path, isLinked: true, &temporary)
        }
    }

    /// The file takes the place of `bootstrap`; a link leaves it where its neighbours are.
    private static func directory(
        ofBootstrap path: String,
        isLinked: Bool,
        _ temporary: inout [TemporaryDirectory]
    ) throws -> String {
        let directory = try TemporaryDirectory.make(prefix: "task-")
        temporary.append(directory)
        let place = directory.path + "/bootstrap"
        let target = try absolute(path)
        let descriptor = isLinked ? symlink(target, place) : open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o755)
        guard descriptor >= 0 else { throw LaunchFailure.host(code: errno, operation: "make \(place)") }
        if !isLinked { close(descriptor) }
        return directory.path
    }

    private static func absolute(_ path: String) throws -> String {
        guard let resolved = realpath(path, nil) else {
            throw ApusError("code.missing", "\(path): \(ByteSource.text(of: errno))")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
