import Glibc
import LambdaModel
import Testing

@testable import Sandbox

/// Directories over each other as one.
@Suite struct LinkedTreeTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        for name in ["upper", "lower", "upper/lib", "lower/lib", "lower/only", "upper/kind", "lower/other"] {
            try scratch.makeDirectory(name)
        }
        try scratch.write("upper/lib/a", "upper", mode: 0o644)
        try scratch.write("lower/lib/a", "lower", mode: 0o644)
        try scratch.write("lower/lib/b", "lower b", mode: 0o755)
        try scratch.write("lower/only/c", "c", mode: 0o600)
        try scratch.write("lower/kind", "a file here, a directory there")
        try scratch.write("upper/other", "and the other way round")
        try #require(symlink("/opt/lib/a", scratch.path + "/upper/link") == 0)
        try #require(symlink("nowhere", scratch.path + "/lower/link") == 0)
        try #require(mkfifo(scratch.path + "/lower/fifo", 0o644) == 0)
        try #require(chmod(scratch.path + "/upper", 0o700) == 0)
    }

    private func text(_ path: String) -> String? {
        HostFile.prefix(of: path, count: 100).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func theFirstWins() throws {
        let tree = try LinkedTree(of: [scratch.path + "/upper", scratch.path + "/lower"], at: scratch.path + "/opt")
        #expect(tree.path == scratch.path + "/opt")
        #expect(HostFile.isOpenToAll(tree.path))
        #expect(HostProcess.entries(tree.path) == ["kind", "lib", "link", "only", "other"])
        #expect(HostProcess.entries(tree.path + "/lib") == ["a", "b"])
        #expect(text(tree.path + "/lib/a") == "upper")
        #expect(text(tree.path + "/lib/b") == "lower b")
        #expect(text(tree.path + "/other") == "and the other way round")
        #expect(HostFile.kind(tree.path + "/kind") == .directory)
        #expect(HostFile.linkTarget(tree.path + "/link") == "/opt/lib/a")
        var status = stat()
        #expect(stat(tree.path + "/only/c", &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    /// /dev/shm is another file system, if it is there: files are copied then.
    @Test func acrossFileSystems() throws {
        let target = "/dev/shm/apus-test-\(getpid())"
        try #require(HostFile.kind("/dev/shm") == .directory)
        defer { _ = scratch }
        let tree = try LinkedTree(file: scratch.path + "/lower/lib/b", named: "bootstrap", at: target)
        defer {
            unlink(target + "/bootstrap")
            rmdir(target)
        }
        #expect(text(tree.path + "/bootstrap") == "lower b")
        #expect(HostFile.isExecutable(tree.path + "/bootstrap"))
    }

    @Test func aFileThroughALink() throws {
        try #require(symlink("lib/b", scratch.path + "/lower/bootstrap-link") == 0)
        let file = scratch.path + "/lower/bootstrap-link"
        let tree = try LinkedTree(file: file, named: "bootstrap", at: scratch.path + "/task")
        #expect(text(tree.path + "/bootstrap") == "lower b")
        #expect(!HostFile.isLink(tree.path + "/bootstrap"))
    }
}
