import Glibc
import LambdaModel
import Testing

@testable import Inspection

/// Bootstraps that start on this machine as it is, but not in a room of their own.
struct RoomRefusalTests {
    private static let room = StartSurroundings(isOtherUser: true) { $0.hasPrefix("/usr/") || $0.hasPrefix("/bin/") }

    private static func lines(_ package: PackageDirectory, code: Int32, in surroundings: StartSurroundings) -> [String]?
    {
        RoomRefusal(path: package.path + "/bootstrap", code: code, surroundings: surroundings).lines
    }

    @Test func anInterpreterOutsideOfTheRoomIsNamed() throws {
        let package = try PackageDirectory()
        let python = try package.write("venv/python", "", mode: 0o755)
        try package.write("bootstrap", "#!\(python) -u\n", mode: 0o755)
        let lines = try #require(Self.lines(package, code: ENOENT, in: Self.room))
        #expect(lines[0].contains("asks for \(python), which is on this machine but not in the sandbox"))
        #expect(lines.contains { $0.contains("--backend process") })
        #expect(Self.lines(package, code: ENOENT, in: .host) == nil)
    }

    @Test func anInterpreterInTheRoomIsNotToBlame() throws {
        let package = try PackageDirectory()
        try package.write("bootstrap", "#!/bin/sh\n", mode: 0o755)
        #expect(Self.lines(package, code: ENOENT, in: Self.room) == nil)
    }

    @Test func aLinkOutOfThePackageIsNamed() throws {
        let package = try PackageDirectory()
        let elsewhere = try PackageDirectory()
        let target = try elsewhere.write("program", "#!/bin/sh\n", mode: 0o755)
        try #require(symlink(target, package.path + "/bootstrap") == 0)
        let lines = try #require(Self.lines(package, code: ENOENT, in: Self.room))
        #expect(lines[0].contains("is a symbolic link to \(target), which lies outside of the function's directory"))
    }

    @Test func aLinkInsideOfThePackageIsNotToBlame() throws {
        let package = try PackageDirectory()
        try package.write("bin/program", "#!/bin/sh\n", mode: 0o755)
        try #require(symlink("bin/program", package.path + "/bootstrap") == 0)
        #expect(Self.lines(package, code: ENOENT, in: Self.room) == nil)
    }

    @Test func aFileThatIsClosedToOthersIsNamed() throws {
        let package = try PackageDirectory()
        try package.write("bootstrap", "#!/bin/sh\n", mode: 0o700)
        let lines = try #require(Self.lines(package, code: EACCES, in: Self.room))
        #expect(lines[0].contains("closed to other users (mode 0700)"))
        let owner = StartSurroundings(isOtherUser: false) { _ in true }
        #expect(Self.lines(package, code: EACCES, in: owner) == nil)
    }
}
