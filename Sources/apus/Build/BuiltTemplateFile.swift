import CommandProcess
import FunctionBuild
import LambdaModel
import SAMTemplate

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// `template.yaml` in the build directory: the original, with the built functions' places, so that Apus, `sam local`
/// and `sam deploy` can go on from it.
enum BuiltTemplateFile {
    /// Replaces the file whole or not at all.
    static func write(
        _ template: SAMTemplate,
        results: [BuildResult],
        in directory: String
    ) throws(ApusError) -> String {
        var locations = Dictionary(results.map { ($0.logicalID, $0.directory) }) { first, _ in first }
        // What an earlier build has left for a function that was not asked for this time is still its newest artifact.
        for logicalID in template.functions.map(\.logicalID) + template.layers.map(\.logicalID)
        where locations[logicalID] == nil && access("\(directory)/\(logicalID)", F_OK) == 0 {
            locations[logicalID] = "\(directory)/\(logicalID)"
        }
        let path = directory + "/template.yaml"
        let temporary = path + ".new"
        var text = template.builtTemplateText(codeLocations: locations, newDirectory: directory)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        let isWritten = text.withUTF8 { Console.write(UnsafeRawBufferPointer($0), to: descriptor) }
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            let error = failure(path)
            unlink(temporary)
            throw error
        }
        return path
    }

    private static func failure(_ path: String) -> ApusError {
        ApusError("build.input-output", "cannot write \(path): \(ByteSource.text(of: errno))")
    }
}
