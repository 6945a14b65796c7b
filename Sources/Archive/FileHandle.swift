import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A file descriptor that closes itself.
struct FileHandle: ~Copyable {
    let descriptor: CInt

    /// Takes over `descriptor`; where it is negative, throws what `problem` makes of `errno`.
    init(_ descriptor: CInt, or problem: (CInt) -> ApusError) throws(ApusError) {
        guard descriptor >= 0 else { throw problem(errno) }
        self.descriptor = descriptor
    }

    deinit {
        _ = close(descriptor)
    }
}
