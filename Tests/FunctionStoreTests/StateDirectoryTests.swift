import LambdaModel
import Testing

@testable import FunctionStore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite struct StateDirectoryTests {
    /// A directory of its own under /tmp, removed afterwards.
    private func withPath(_ body: (String) throws -> Void) rethrows {
        var name = Array("/tmp/apus-state-XXXXXX".utf8CString)
        mkdtemp(&name)
        let path = String(decoding: name.dropLast().map(UInt8.init), as: UTF8.self)
        defer { _ = system("rm -rf '\(path)'") }
        try body(path)
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func itIsTheUsersAlone() throws {
        try withPath { path in
            let directory = try StateDirectory(path: path + "/a/b")
            _ = try StoreDatabase(in: directory)
            #expect(mode(path + "/a") == 0o700)
            #expect(mode(path + "/a/b") == 0o700)
            for file in ["lock", "store.sqlite"] { #expect(mode(path + "/a/b/" + file) == 0o600) }
        }
    }

    @Test func whatWasOpenIsClosed() throws {
        try withPath { path in
            chmod(path, 0o755)
            let directory = try StateDirectory(path: path)
            #expect(mode(path) == 0o700)
            _ = directory
        }
    }

    @Test func oneServerHasIt() throws {
        try withPath { path in
            do {
                let first = try StateDirectory(path: path)
                let error = #expect(throws: ApusError.self) { try StateDirectory(path: path) }
                #expect(error?.code == "state.locked")
                #expect(error?.message.contains("(process \(getpid()))") == true)
                _ = first
            }
            _ = try StateDirectory(path: path)
        }
    }

    @Test func aDatabaseThatIsNoneIsSaid() throws {
        try withPath { path in
            let directory = try StateDirectory(path: path)
            let file = try #require(fopen(path + "/store.sqlite", "w"))
            fputs(String(repeating: "not a database. ", count: 100), file)
            fclose(file)
            let error = #expect(throws: ApusError.self) { try StoreDatabase(in: directory) }
            #expect(error?.code == "state.database")
            #expect(error?.message.contains("file is not a database") == true)
        }
    }
}
