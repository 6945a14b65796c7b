import Glibc
import LambdaModel
import Testing

@testable import Inspection

@Suite struct AnalysisCacheTests {
    private let directory: PackageDirectory
    private let cache: AnalysisCache
    private let content: [UInt8] = Array("some program".utf8)
    private var digest: String { AnalysisCache.digest(content) }

    init() throws {
        directory = try PackageDirectory()
        cache = AnalysisCache(directory: directory.path + "/deep/cache")
    }

    private func entries(_ beginning: String) -> [String] {
        guard let stream = opendir(directory.path + "/deep/cache") else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            )
        }
        return names.filter { $0.hasPrefix(beginning) }
    }

    @Test func aContentIsKnownAfterItWasKept() {
        #expect(cache.analysis(digest: digest) == nil)
        cache.keep(AnalysisRecordTests.rich, digest: digest, identity: nil)
        #expect(cache.analysis(digest: digest) == AnalysisRecordTests.rich)
        #expect(cache.analysis(digest: AnalysisCache.digest(content + [0])) == nil)
        #expect(entries("new-").isEmpty)
    }

    /// A file of the system has not changed within the last seconds, so its stamp is believed.
    @Test func anUnchangedFileIsNotRead() throws {
        let path = "/proc/self/exe"
        try #require(FileStamp(path: path)?.isSettled() == true)
        #expect(cache.analysis(ofFile: path) == nil)
        cache.keep(AnalysisRecordTests.rich, digest: digest, identity: FileStamp(path: path))
        #expect(cache.analysis(ofFile: path) == AnalysisRecordTests.rich)
    }

    @Test func aFileThatWasWrittenJustNowIsNotBelieved() throws {
        let path = try directory.write("bootstrap", content)
        let identity = try #require(FileStamp(path: path))
        #expect(!identity.isSettled())
        cache.keep(AnalysisRecordTests.rich, digest: digest, identity: identity)
        #expect(cache.analysis(ofFile: path) == nil)
        #expect(entries("stamp-").isEmpty)
    }

    @Test func damagedEntriesAreIgnoredAndReplaced() throws {
        cache.keep(AnalysisRecordTests.rich, digest: digest, identity: nil)
        let name = try #require(entries("content-").first)
        for text in ["", "nonsense", "architecture\tx86_64\n"] {
            try directory.write("deep/cache/" + name, text)
            #expect(cache.analysis(digest: digest) == nil)
        }
        cache.keep(AnalysisRecordTests.rich, digest: digest, identity: nil)
        #expect(cache.analysis(digest: digest) == AnalysisRecordTests.rich)
    }

    @Test func theDirectoryIsTheUsersOwn() {
        cache.keep(AnalysisRecordTests.rich, digest: digest, identity: nil)
        var status = stat()
        #expect(stat(directory.path + "/deep/cache", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
    }

    @Test func withoutAPlaceNothingIsKept() throws {
        try directory.write("file", "not a directory")
        let nowhere = AnalysisCache(directory: directory.path + "/file/cache")
        nowhere.keep(AnalysisRecordTests.rich, digest: digest, identity: nil)
        #expect(nowhere.analysis(digest: digest) == nil)
    }

    @Test func theOldestGo() throws {
        for index in 0..<30 {
            let path = try directory.write("deep/content-\(index)", "x")
            var times = [timeval(tv_sec: 1_000 + index, tv_usec: 0), timeval(tv_sec: 1_000 + index, tv_usec: 0)]
            #expect(utimes(path, &times) == 0)
        }
        try directory.write("deep/another", "x")
        CacheSweep(directory: directory.path + "/deep", maximumEntries: 30).run()
        #expect(access(directory.path + "/deep/content-0", F_OK) == 0)
        CacheSweep(directory: directory.path + "/deep", maximumEntries: 20).run()
        #expect(access(directory.path + "/deep/content-14", F_OK) != 0)
        #expect(access(directory.path + "/deep/content-15", F_OK) == 0)
        #expect(access(directory.path + "/deep/another", F_OK) == 0)
    }

    @Test(
        arguments: [
            (["XDG_CACHE_HOME": "/c", "HOME": "/h"], "/c/apus/inspection"),
            (["HOME": "/h"], "/h/.cache/apus/inspection"),
            (["XDG_CACHE_HOME": "relative", "HOME": "/h"], "/h/.cache/apus/inspection"),
        ]
    )
    func theStandardPlace(_ variables: [String: String], _ place: String) throws {
        #expect(try #require(AnalysisCache.standard(variables: variables)).directory == place)
    }

    @Test func withoutAHomeThereIsNone() {
        #expect(AnalysisCache.standard(variables: [:]) == nil)
    }
}
