internal import Archive
internal import Inspection
internal import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Everything that inspection reads of a file, in one call: what tests and fuzzers drive with hostile bytes.
///
/// It holds no judgement of its own; a call ends normally or the reader it went through has a fault.
package enum InspectionExercise {
    /// Reads a file that is given as bytes. Returns how many things were found, so that no reading can be left out.
    package static func read(_ bytes: [UInt8]) -> Int {
        let script = ScriptHeader(fileStart: Array(bytes.prefix(ScriptHeader.longestPrefix)))
        let found = (script.interpreter == nil ? 0 : 1) + (script.hasCarriageReturn ? 1 : 0)
        guard let image = try? ELFImage(bytes: bytes) else { return found }
        return found + tables(of: image) + addresses(of: image)
    }

    /// Looks at a file as the bootstrap of a package, as a file alone, and as one that the kernel refused.
    package static func inspect(taskRoot: String, file name: String) -> Int {
        let path = taskRoot + "/" + name
        var found = 0
        let packages = [PackageContents(taskRoot: taskRoot), try? PackageContents(file: path)].compactMap { $0 }
        for contents in packages {
            let inspection = StartupInspection(architecture: .x86_64)
            found += inspection.findings(on: contents).count
            for artifact in contents.artifacts {
                let program = artifact.kind == .script ? nil : try? artifact.image()
                found += inspection.findings(on: artifact, in: contents, program: program).count
            }
        }
        for code: Int32 in [2, 8, 13] {
            let failure = LaunchFailure.exec(code: code, path: "/var/task/bootstrap")
            found += StartupExplanation.explain(failure, taskRoot: taskRoot, architecture: .x86_64).count
        }
        return found
    }

    /// Lists and unpacks a zip archive and looks at the package in it.
    ///
    /// - Parameter directory: exists; `archive.zip` and `out` in it are overwritten and removed.
    /// - Returns: how many entries and artifacts were found; 0 for an archive that is refused.
    package static func unpack(_ bytes: [UInt8], in directory: String) -> Int {
        let path = directory + "/archive.zip"
        let output = directory + "/out"
        guard write(bytes, to: path) else { return 0 }
        defer { unlink(path) }
        let listed = (try? Archive.list(zip: path))?.count ?? 0
        guard (try? Archive.extract(zip: path, to: output, limits: limits)) != nil else { return listed }
        defer { try? FileTree.remove(output) }
        return listed + PackageContents(taskRoot: output).artifacts.count
    }

    /// Far less than Lambda's: an input of a few bytes may ask for all of it.
    private static let limits = ExtractionLimits(bytes: 16 << 20, entries: 1000)

    private static func write(_ bytes: [UInt8], to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) } == bytes.count
    }

    private static func tables(of image: ELFImage) -> Int {
        let symbols = image.symbols
        let names = symbols.prefix(1000).reduce(0) { $0 + image.name(of: $1).utf8.count }
        let sections = image.sections.reduce(0) { $0 + (image.range(of: $1)?.count ?? 0) & 1 }
        let needs = image.versionNeeds.reduce(0) { $0 + $1.versions.count }
        let facts = ProgramFacts(of: image)
        return symbols.count + names + sections + needs + image.relocations.count
            + (image.dynamic?.needed.count ?? 0) + (image.buildID?.count ?? 0) + (facts.compiler?.count ?? 0)
    }

    private static func addresses(of image: ELFImage) -> Int {
        let edges = image.segments.flatMap { [$0.address, $0.address &+ $0.memorySize, $0.address &- 1] }
        return (edges + [0, .max, image.header.entry]).reduce(0) { count, address in
            let isBacked = image.fileOffset(ofAddress: address) != nil
            let range = image.fileRange(ofAddress: address, count: 8)
            let isCode = image.isExecutable(address: address) || image.isWritable(address: address)
            return count + (isBacked ? 1 : 0) + (range?.count ?? 0) + (isCode ? 1 : 0)
        }
    }
}
