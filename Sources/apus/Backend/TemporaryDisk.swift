import LambdaModel
import Sandbox

/// A file with an empty ext4 file system, for a /tmp that is no memory.
struct TemporaryDisk {
    let path: String

    init(megabytes: Int) throws {
        fatalError()
    }
}
