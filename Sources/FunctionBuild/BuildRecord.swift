import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What is remembered of a successful build: one file for each function, fields separated by NUL bytes. It only ever saves
/// work: a record that is missing, damaged or of another version means that everything is looked at again.
struct BuildRecord: Equatable {
    /// Of everything that went into the build.
    var fingerprint: String
    /// Of the artifact as it was left: names, kinds, permissions and stamps.
    var artifact: String
    /// Digests of files that were read, by path.
    var digests: DigestCache
    /// Said of the artifact, and said again each time that it is kept.
    var warnings: [String]

    private static let version = "apus build record 2"

    init(fingerprint: String, artifact: String, digests: DigestCache, warnings: [String] = []) {
        self.fingerprint = fingerprint
        self.warnings = warnings
        self.artifact = artifact
        self.digests = digests
    }

    init?(path: String) {
        guard let file = try? OpenFile(path, O_RDONLY | O_NONBLOCK, "cannot read") else { return nil }
        var status = stat()
        guard fstat(file.descriptor, &status) == 0, status.st_size < 512 << 20 else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, filled in
            while filled < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                guard let count = try? file.read(into: rest, path), count > 0 else { return }
                filled += count
            }
        }
        let fields = bytes.split(separator: 0, omittingEmptySubsequences: false)
        guard fields.count >= 6, fields.count % 3 == 0, fields[fields.count - 1].isEmpty else { return nil }
        let texts = fields.dropLast().map { String(decoding: $0, as: UTF8.self) }
        guard texts[0] == Self.version, let time = Int(texts[3]) else { return nil }
        fingerprint = texts[1]
        artifact = texts[2]
        digests = DigestCache(time: time)
        warnings = texts[4].split(separator: "\n").map(String.init)
        for index in stride(from: 5, to: texts.count - 2, by: 3) {
            digests.entries[texts[index]] = DigestCache.Entry(stamp: texts[index + 1], digest: texts[index + 2])
        }
    }

    /// Writes the record next to its place and moves it there.
    func write(to path: String) throws(ApusError) {
        var bytes: [UInt8] = []
        func add(_ field: String) {
            bytes += field.utf8
            bytes.append(0)
        }
        for field in [Self.version, fingerprint, artifact, String(digests.time)] { add(field) }
        // Warnings have neither line breaks nor NUL bytes: they are made of printable text.
        add(warnings.joined(separator: "\n"))
        for (path, entry) in digests.entries {
            for field in [path, entry.stamp, entry.digest] { add(field) }
        }
        let temporary = path + ".new"
        let file = try OpenFile(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644, "cannot write")
        try bytes.withUnsafeBufferPointer { bytes throws(ApusError) in
            try file.write(UnsafeRawBufferPointer(bytes), temporary)
        }
        guard rename(temporary, path) == 0 else { throw systemError("cannot write", path, errno) }
    }
}
