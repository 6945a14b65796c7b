import CommandProcess
import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Writing files that a user asked for.
enum WholeFile {
    /// Replaces the file whole or not at all. What is no regular file, such as `/dev/stdout` or a pipe, is written to.
    static func write(_ text: String, to path: String) throws(ApusError) {
        var status = stat()
        let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        let place = isSpecial ? path : path + ".new"
        let descriptor = open(place, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        var text = text
        let isWritten = text.withUTF8 { Console.write(UnsafeRawBufferPointer($0), to: descriptor) }
        close(descriptor)
        guard isWritten, isSpecial || rename(place, path) == 0 else {
            let error = failure(path)
            if !isSpecial { unlink(place) }
            throw error
        }
    }

    private static func failure(_ path: String) -> ApusError {
        ApusError("file.unwritable", "cannot write \(path): \(ByteSource.text(of: errno))")
    }
}
