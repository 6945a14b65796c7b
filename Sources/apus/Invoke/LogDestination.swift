import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where the function's log goes: standard error, or a file that it is appended to.
struct LogDestination {
    let descriptor: Int32

    init(path: String?) throws(ApusError) {
        guard let path else {
            descriptor = STDERR_FILENO
            return
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ApusError("log.unwritable", "cannot write the log file \(path): \(ByteSource.text(of: errno))")
        }
    }

    /// Whether whoever started the command sees the log.
    var isStandardError: Bool { descriptor == STDERR_FILENO }

    func close() {
        if descriptor != STDERR_FILENO { _ = closeDescriptor(descriptor) }
    }
}

private func closeDescriptor(_ descriptor: Int32) -> Int32 {
    close(descriptor)
}
