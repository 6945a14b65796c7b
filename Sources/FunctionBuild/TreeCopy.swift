import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Copies a ``SourceTree``: contents, permissions, links and modification times (make goes by them).
enum TreeCopy {
    /// Copies into a directory that is there and empty.
    static func copy(_ tree: SourceTree, to directory: String) throws(ApusError) {
        for entry in tree.entries {
            guard !Task.isCancelled else { throw ApusError(.buildCancelled, "cancelled") }
            let destination = Paths.join(directory, entry.path)
            switch entry.kind {
            case .directory:
                // The owner must be able to fill and to remove it.
                guard mkdir(destination, 0o755) == 0, chmod(destination, mode_t(entry.permissions | 0o700)) == 0 else {
                    throw systemError("cannot create the directory", destination, errno)
                }
            case .link(let target):
                guard symlink(target, destination) == 0 else {
                    throw systemError("cannot create the link", destination, errno)
                }
            case .file:
                try copyFile(entry.source, to: destination, permissions: entry.permissions)
            }
        }
    }

    /// Copies one file to a new one.
    static func copyFile(_ source: String, to destination: String, permissions: UInt16) throws(ApusError) {
        let input = try OpenFile(source, O_RDONLY | O_NONBLOCK, "cannot read")
        let output = try OpenFile(destination, O_WRONLY | O_CREAT | O_EXCL, "cannot create")
        var status = stat()
        guard fstat(input.descriptor, &status) == 0 else { throw systemError("cannot read", source, errno) }
        try copyContents(input, source, output, destination)
        #if canImport(Darwin)
        let times = [status.st_atimespec, status.st_mtimespec]
        #else
        let times = [status.st_atim, status.st_mtim]
        #endif
        guard fchmod(output.descriptor, mode_t(permissions)) == 0, futimens(output.descriptor, times) == 0 else {
            throw systemError("cannot write", destination, errno)
        }
    }

    private static func copyContents(
        _ input: borrowing OpenFile,
        _ source: String,
        _ output: borrowing OpenFile,
        _ destination: String
    ) throws(ApusError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try input.read(into: buffer, source)
            guard count > 0 else { return }
            try output.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), destination)
        }
    }
}
