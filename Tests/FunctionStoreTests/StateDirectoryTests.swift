import LambdaModel
import Testing

@testable import FunctionStore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite struct StateDirectoryTests {
    @Test func itIsTheUsersAlone() throws {
        try TemporaryDirectory.with { path in
            let directory = try StateDirectory(path: path + "/a/b")
            _ = try StoreDatabase(in: directory)
            #expect(TemporaryDirectory.mode(path + "/a") == 0o700)
            #expect(TemporaryDirectory.mode(path + "/a/b") == 0o700)
            for file in ["lock", "store.sqlite"] { #expect(TemporaryDirectory.mode(path + "/a/b/" + file) == 0o600) }
        }
    }

    @Test func whatWasOpenIsClosed() throws {
        try TemporaryDirectory.with { path in
            chmod(path, 0o755)
            let directory = try StateDirectory(path: path)
            #expect(TemporaryDirectory.mode(path) == 0o700)
            _ = directory
        }
    }

    @Test func oneServerHasIt() throws {
        try TemporaryDirectory.with { path in
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
        try TemporaryDirectory.with { path in
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
