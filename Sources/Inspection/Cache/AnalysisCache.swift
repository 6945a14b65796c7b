internal import Crypto
internal import LambdaModel
internal import SystemPackage

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// What was found out about files, kept by their content, so that a file is looked into once.
///
/// A second, small entry remembers a file's digest by its stamp (size, times, inode, device), so that an unchanged file is
/// not even read. Nothing here fails: what cannot be read is not there, what cannot be written is not kept.
package struct AnalysisCache: Sendable {
    /// Grows when the analyses give other results, or the entries another form.
    static let version = 1
    /// Beyond them the oldest go. An entry has some kilobytes.
    static let maximumEntries = 2_000
    static let maximumEntrySize = 4 << 20

    /// Of the program that runs; empty where the system has no file for it.
    private static let program = FileStamp(path: "/proc/self/exe")?.text ?? ""

    let directory: String
    /// Entries of another version of Apus mean nothing to this one, even while `version` is the same.
    private let generation: String

    /// - Parameter directory: made, with those above it, when something is first kept.
    package init(directory: String) {
        self.directory = directory
        generation = "v\(Self.version) \(Self.program)"
    }

    /// The one in `${XDG_CACHE_HOME:-~/.cache}/apus/inspection`; `nil` without a home directory.
    package static func standard(variables: [String: String]) -> AnalysisCache? {
        let base =
            variables["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
            ?? variables["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.cache" : nil }
        return base.map { AnalysisCache(directory: $0 + "/apus/inspection") }
    }

    /// What is known of the file as it is now, without reading it: two small files are read instead.
    package func analysis(ofFile path: String) -> CPUAnalysis? {
        analysis(of: FileStamp(path: path))
    }

    func analysis(of identity: FileStamp?) -> CPUAnalysis? {
        guard let identity, identity.isSettled(), let digest = read(stampName(identity)), digest.utf8.count == 64
        else { return nil }
        return analysis(digest: digest)
    }

    /// What is known of a file's content, by its digest.
    func analysis(digest: String) -> CPUAnalysis? {
        read(contentName(digest)).flatMap(AnalysisRecord.decode)
    }

    /// Keeps an analysis of a file's content.
    ///
    /// - Parameter identity: that the file had before it was read.
    func keep(_ analysis: CPUAnalysis, digest: String, identity: FileStamp?) {
        guard makeDirectory() else { return }
        write(AnalysisRecord.encode(analysis), to: contentName(digest))
        remember(identity, digest: digest)
        CacheSweep(directory: directory, maximumEntries: Self.maximumEntries).run()
    }

    /// Remembers which content a file has.
    func remember(_ identity: FileStamp?, digest: String) {
        guard let identity, identity.isSettled(), makeDirectory() else { return }
        write(digest, to: stampName(identity))
    }

    /// What is known of a file's start, by all that it depends on.
    func findings(for subject: String) -> FileFindings? {
        read(findingsName(subject)).flatMap(FileFindings.init(record:))
    }

    func keep(_ findings: FileFindings, for subject: String) {
        guard makeDirectory() else { return }
        write(findings.record, to: findingsName(subject))
    }

    // MARK: Names

    private func findingsName(_ subject: String) -> String {
        "findings-" + Self.digest(Array((generation + " " + subject).utf8))
    }

    private func contentName(_ digest: String) -> String {
        "content-" + Self.digest(Array((generation + " " + digest).utf8))
    }

    private func stampName(_ identity: FileStamp) -> String {
        "stamp-" + Self.digest(Array((generation + " " + identity.text).utf8))
    }

    /// SHA-256 in lower-case hexadecimal.
    static func digest(_ bytes: borrowing [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        let hash = bytes.withUnsafeBytes { buffer in
            var hash = SHA256()
            hash.update(bufferPointer: buffer)
            return hash.finalize()
        }
        for byte in hash { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: Files

    private func read(_ name: String) -> String? {
        guard let file = try? BinaryFile(path: directory + "/" + name), file.size <= UInt64(Self.maximumEntrySize),
            let bytes = try? file.prefix(Int(file.size))
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whole or not at all: other commands may read and write at the same time.
    private func write(_ text: String, to name: String) {
        guard text.utf8.count <= Self.maximumEntrySize else { return }
        var temporary = Array((directory + "/new-XXXXXX").utf8CString)
        let descriptor = temporary.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
        guard descriptor >= 0 else { return }
        let isWritten = (try? FileDescriptor(rawValue: descriptor).writeAll(text.utf8)) != nil
        close(descriptor)
        guard isWritten, rename(temporary, directory + "/" + name) == 0 else {
            unlink(temporary)
            return
        }
    }

    private func makeDirectory() -> Bool {
        if access(directory, W_OK) == 0 { return true }
        var index = directory.startIndex
        while let slash = directory[index...].dropFirst().firstIndex(of: "/") {
            mkdir(String(directory[..<slash]), 0o700)
            index = slash
        }
        mkdir(directory, 0o700)
        return access(directory, W_OK) == 0
    }
}
