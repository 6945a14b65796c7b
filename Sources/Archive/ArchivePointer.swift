import CLibArchive
import LambdaModel

/// A reader or writer of libarchive that frees itself.
struct ArchivePointer: ~Copyable {
    let pointer: OpaquePointer

    /// libarchive returns no pointer only where memory is out, or where it is not installed.
    init(_ pointer: OpaquePointer?, error: ArchiveError) throws(ApusError) {
        guard let pointer else {
            guard apus_libarchive_is_available() != 0 else {
                throw error(
                    .archiveInputOutput,
                    "zip archives need libarchive, which is not installed",
                    hint: "Install it: apt-get install libarchive13"
                )
            }
            throw error(.archiveInputOutput, "out of memory")
        }
        self.pointer = pointer
    }

    deinit {
        archive_free(pointer)
    }

    /// Why the last call failed, in parentheses after a blank; nothing where libarchive does not say.
    var reason: String {
        archive_error_string(pointer).map { " (" + String(cString: $0) + ")" } ?? ""
    }
}
