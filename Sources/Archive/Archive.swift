package import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Zip archives, the form in which Lambda takes functions and layers. An archive is hostile until it has been unpacked.
package enum Archive {
    /// Unpacks a zip archive into `directory`, which is created if it is missing and must be empty otherwise.
    ///
    /// Permissions and the symbolic links that stay inside the package are kept. Refused, with an error that names the
    /// entry: names and links that lead outside, two entries of one name, entries that overlap or that describe
    /// themselves differently in their two headers, devices, encryption, compression other than deflate, and anything
    /// beyond `limits`. After an error the directory is as it was before: empty, or not there.
    package static func extract(
        zip path: String,
        to directory: String,
        limits: ExtractionLimits = .lambda
    ) throws(ApusError) {
        let isNew = try prepare(directory)
        do throws(ApusError) {
            try withUTF8Locale { () throws(ApusError) in
                try ZipExtractor(path: path, limits: limits).extract(to: directory)
            }
        } catch {
            // The error that matters is the one about the archive.
            if isNew { try? FileTree.remove(directory) } else { try? FileTree.removeContents(of: directory) }
            throw error
        }
    }

    /// The entries of a zip archive, in the order of their data.
    package static func list(
        zip path: String,
        limits: ExtractionLimits = ExtractionLimits()
    ) throws(ApusError) -> [ZipEntry] {
        try ZipExtractor(path: path, limits: limits).list()
    }

    /// Packs what is in `directory` into the file `path`, which is replaced only by a complete archive.
    ///
    /// The same files, permissions and links give the same bytes, wherever and whenever they are packed.
    package static func write(directory: String, to path: String) throws(ApusError) {
        let error = ArchiveError(path: path)
        var template = Array((path + ".XXXXXX").utf8CString)
        let descriptor = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkstemp($0) } ?? -1
        }
        let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let file = try FileHandle(descriptor, or: { error.system("cannot write it", $0) })
        do throws(ApusError) {
            try withUTF8Locale { () throws(ApusError) in
                try ZipWriter(root: directory, descriptor: file.descriptor, shown: path).writeAll()
            }
            guard fchmod(file.descriptor, 0o644) == 0, rename(temporary, path) == 0 else {
                throw error.system("cannot write it", errno)
            }
        } catch {
            _ = unlink(temporary)
            throw error
        }
    }

    /// Makes the directory. Returns whether it is new; throws if there is something in it.
    private static func prepare(_ directory: String) throws(ApusError) -> Bool {
        let error = ArchiveError(path: directory)
        if mkdir(directory, 0o755) == 0 { return true }
        guard errno == EEXIST else { throw error.system("cannot create this directory", errno) }
        guard let stream = opendir(directory) else { throw error.system("cannot open this directory", errno) }
        defer { closedir(stream) }
        var count = 0
        while readdir(stream) != nil { count += 1 }
        guard count <= 2 else { throw error(.archiveInputOutput, "is not empty: nothing is unpacked over other files") }
        return false
    }
}
