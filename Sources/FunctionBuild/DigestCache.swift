import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Digests of files by path, so that a file with an unchanged stamp need not be read again.
struct DigestCache: Equatable {
    struct Entry: Equatable {
        var stamp: String
        var digest: String
    }

    /// When the files were looked at, in seconds of the epoch.
    var time: Int
    var entries: [String: Entry] = [:]

    init(time: Int = Int(DigestCache.now)) {
        self.time = time
    }

    /// The digest of the file, from the cache where its stamp is the same and old enough: a file that changed within two
    /// seconds before it was looked at may have changed again without a new stamp.
    func digest(of path: String, stamp: FileStamp) -> String? {
        guard let entry = entries[path], entry.stamp == stamp.text, stamp.isSettled(at: time) else { return nil }
        return entry.digest
    }

    private static var now: time_t {
        #if canImport(Darwin)
        Darwin.time(nil)
        #elseif canImport(Glibc)
        Glibc.time(nil)
        #else
        Musl.time(nil)
        #endif
    }
}
