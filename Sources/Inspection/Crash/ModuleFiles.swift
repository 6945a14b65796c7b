internal import LambdaModel
internal import Synchronization

/// The mapped files of one crash, each read once.
final class ModuleFiles: Sendable {
    /// One file with its functions.
    struct File: Sendable {
        var image: ELFImage
        var functions: FunctionTable
    }

    private let files = Mutex<[String: File?]>([:])
    /// Reading more files than this costs more than a diagnosis is worth.
    private static let maximumFiles = 8

    /// `nil` for a file that is missing or no ELF file.
    func file(_ path: String) -> File? {
        files.withLock { files in
            if let known = files[path] { return known }
            guard files.count < Self.maximumFiles else { return nil }
            let file = (try? ELFImage(path: path)).map { File(image: $0, functions: FunctionTable(image: $0)) }
            files[path] = .some(file)
            return file
        }
    }

    /// Bytes of the file as they are mapped at an address in memory; empty where the file does not hold all of them.
    func bytes(_ module: CrashFacts.Module, address: UInt64, count: Int) -> [UInt8] {
        guard let image = file(module.path)?.image else { return [] }
        guard let range = image.fileRange(ofAddress: address &- module.loadBias, count: count) else { return [] }
        return Array(image.bytes[range])
    }
}
