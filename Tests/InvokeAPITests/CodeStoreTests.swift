import ExecutionEnvironment
import FunctionStore
import LambdaModel
import Testing

@testable import InvokeAPI

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

struct CodeStoreTests {
    private func names(_ path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
            )
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }

    @Test func theSameZipIsKeptOnce() throws {
        let plane = try TestPlane()
        let code = plane.plane.context.code
        let first = try code.pack(try plane.directory("one"))
        let zip = try #require(FileBytes.read(code.archivePath(of: first.sha256), limit: 1_000_000))
        #expect(try code.take(zip) == first.sha256)
        #expect(names(plane.path + "/state/code") == [first.sha256, first.sha256 + ".zip"])
        #expect(try names(code.contents(of: first.sha256)) == ["bootstrap"])
    }

    @Test func whatIsNoZipLeavesNothing() throws {
        let plane = try TestPlane()
        #expect(throws: ApusError.self) { try plane.plane.context.code.take(Array("no zip".utf8)) }
        #expect(names(plane.path + "/state/code") == [])
    }

    /// An unpacking that a crash has cut off does not count.
    @Test func whatWasCutOffIsDoneAnew() throws {
        let plane = try TestPlane()
        let code = plane.plane.context.code
        let kept = try code.pack(try plane.directory("one"))
        let directory = plane.path + "/state/code/"
        _ = system("mv '\(directory)\(kept.sha256)' '\(directory)\(kept.sha256).part-1'")
        #expect(try names(code.contents(of: kept.sha256)) == ["bootstrap"])
        code.removeAll(but: [kept.sha256])
        #expect(names(directory) == [kept.sha256, kept.sha256 + ".zip"])
        code.removeAll(but: [])
        #expect(names(directory) == [])
    }

    @Test func filesAreTheUsersAlone() throws {
        let plane = try TestPlane()
        let kept = try plane.plane.context.code.pack(try plane.directory("one"))
        var status = stat()
        #expect(stat(plane.path + "/state/code", &status) == 0 && status.st_mode & 0o077 == 0)
        #expect(
            stat(plane.plane.context.code.archivePath(of: kept.sha256), &status) == 0 && status.st_mode & 0o077 == 0
        )
    }

    @Test func aDirectorysIdentityIsItsContents() throws {
        let plane = try TestPlane()
        let directory = try plane.directory("one")
        let first = CodeIdentity(path: directory)
        #expect(CodeIdentity(path: directory) == first)
        #expect(first.size == 3)
        chmod(directory + "/bootstrap", 0o644)
        let second = CodeIdentity(path: directory)
        #expect(second != first)
        symlink("/etc/passwd", directory + "/link")
        let third = CodeIdentity(path: directory)
        #expect(third != second)
        // The link's name counts, not what it leads to.
        #expect(third.size == second.size)
        mkfifo(directory + "/pipe", 0o600)
        #expect(CodeIdentity(path: directory).size == second.size)
    }

    @Test(arguments: [
        ("/_apus/code/\(String(repeating: "a", count: 64)).zip", true),
        ("/_apus/code/\(String(repeating: "A", count: 64)).zip", false),
        ("/_apus/code/\(String(repeating: "a", count: 63)).zip", false),
        ("/_apus/code/../../../etc/passwd.zip", false), ("/_apus/code/.zip", false),
    ])
    func downloadsAreOfHashesAlone(target: String, isCode: Bool) {
        #expect((CodeDownload.sha256(in: target) != nil) == isCode)
    }
}
