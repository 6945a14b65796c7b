import Glibc
import LambdaModel
import Testing

@testable import Inspection

/// What is found in the directories of a package, and what is left alone.
@Suite struct PackageContentsTests {
    private static let program = MinimalELF(loader: "/lib64/ld-linux-x86-64.so.2").bytes
    private static let library = SyntheticELF().bytes

    private static func shown(_ contents: PackageContents) -> [String] {
        contents.artifacts.map { "\($0.role.rawValue) \($0.kind.rawValue) \($0.shownPath)" }
    }

    @Test func findsProgramsLibrariesAndScripts() throws {
        let package = try PackageDirectory()
        try package.write("zz/tool", Self.program)
        try package.write("bootstrap", "#!/bin/sh\n")
        try package.write("lib/libx.so.1", Self.library, mode: 0o644)
        try package.write("node/x.node", Self.library, mode: 0o644)
        try package.write("script", "#!/bin/sh\n", mode: 0o755)
        // Not to be executed: text, a script without x bit, an object file, debug information, a zip archive.
        try package.write("README", "text")
        try package.write("module.py", "#!/usr/bin/env python3\n", mode: 0o644)
        try package.write("x.o", MinimalELF(type: 1).bytes)
        try package.write("tool.debug", Self.program)
        try package.write("data.zip", [0x50, 0x4b, 3, 4])
        let contents = PackageContents(taskRoot: package.path)
        #expect(
            Self.shown(contents) == [
                "bootstrap script /var/task/bootstrap", "file sharedObject /var/task/lib/libx.so.1",
                "file sharedObject /var/task/node/x.node", "file script /var/task/script",
                "file program /var/task/zz/tool",
            ]
        )
        #expect(contents.omissions.isEmpty)
        #expect(contents.bootstrap?.path == package.path + "/bootstrap")
        #expect(try contents.artifacts[1].image().dynamic?.soname == "libme.so")
    }

    @Test func layersAreOneDirectoryAndTheFirstWins() throws {
        let task = try PackageDirectory()
        try task.write("function", "text")
        let winner = try PackageDirectory()
        try winner.write("extensions/one", Self.program, mode: 0o644)
        try winner.write("lib/liba.so", Self.library)
        let other = try PackageDirectory()
        try other.write("bootstrap", "#!/bin/sh\n")
        try other.write("extensions/one", "#!/bin/sh\n")
        try other.write("extensions/two", "text")
        try other.write("extensions/data/three", Self.program)
        let contents = PackageContents(taskRoot: task.path, layerRoots: [winner.path, other.path])
        #expect(
            Self.shown(contents) == [
                "bootstrap script /opt/bootstrap", "extension program /opt/extensions/one",
                "extension other /opt/extensions/two", "file program /opt/extensions/data/three",
                "file sharedObject /opt/lib/liba.so",
            ]
        )
        #expect(contents.artifacts[1].path == winner.path + "/extensions/one")
        #expect(!contents.artifacts[1].isExecutable)
        #expect(contents.localPath(of: "/opt/bin/../extensions/./two") == other.path + "/extensions/two")
        #expect(contents.localPath(of: "/opt/../etc/passwd") == nil)
        #expect(contents.localPath(of: "/opt/lib/none.so") == nil)
    }

    @Test func aBootstrapOfThePackageHidesALayersOne() throws {
        let task = try PackageDirectory()
        try task.write("bootstrap", "#!/bin/sh\n")
        let layer = try PackageDirectory()
        try layer.write("bootstrap", Self.program)
        let contents = PackageContents(taskRoot: task.path, layerRoots: [layer.path])
        #expect(
            Self.shown(contents) == ["bootstrap script /var/task/bootstrap", "file program /opt/bootstrap"]
        )
    }

    /// A link to a library is a second name of it, one to a directory could lead in a circle, one to the machine's own
    /// files says nothing about the package.
    @Test func linksAreNotFollowed() throws {
        let package = try PackageDirectory()
        try package.write("lib/libx.so.1.0", Self.library)
        symlink("libx.so.1.0", package.path + "/lib/libx.so.1")
        symlink(".", package.path + "/lib/again")
        symlink("/proc/self/exe", package.path + "/lib/outside")
        symlink("nothing", package.path + "/lib/dangling")
        symlink("circle", package.path + "/lib/circle")
        let contents = PackageContents(taskRoot: package.path)
        #expect(Self.shown(contents) == ["file sharedObject /var/task/lib/libx.so.1.0"])
        #expect(contents.places["libx.so.1"] == "/var/task/lib/libx.so.1")
        #expect(contents.omissions == ["symbolic links that lead out of the package were not followed: 1"])
    }

    /// It is a link where one file is run in the place of a package.
    @Test func theBootstrapMayBeALink() throws {
        let package = try PackageDirectory()
        symlink("/proc/self/exe", package.path + "/bootstrap")
        #expect(Self.shown(PackageContents(taskRoot: package.path)) == ["bootstrap program /var/task/bootstrap"])
    }

    @Test func specialFilesAreNeitherOpenedNorWaitedFor() throws {
        let package = try PackageDirectory()
        #expect(mkfifo(package.path + "/bootstrap", 0o755) == 0)
        let contents = PackageContents(taskRoot: package.path)
        #expect(contents.artifacts.isEmpty)
        #expect(throws: ApusError.self) { try PackageContents(file: package.path + "/bootstrap") }
        #expect(throws: ApusError.self) { try PackageContents(file: package.path) }
        #expect(throws: ApusError.self) { try PackageContents(file: package.path + "/none") }
    }

    @Test func aMissingRootIsSaid() {
        let contents = PackageContents(taskRoot: "/nonexistent\u{1B}[2J")
        #expect(contents.omissions == ["/nonexistent\\u{1b}[2J is no directory"])
        #expect(contents.artifacts.isEmpty)
    }

    @Test func deepDirectoriesComeToAnEnd() throws {
        let package = try PackageDirectory()
        var path = package.path
        for _ in 0..<80 {
            path += "/d"
            mkdir(path, 0o755)
        }
        try package.write("d/tool", Self.program)
        let contents = PackageContents(taskRoot: package.path)
        #expect(Self.shown(contents) == ["file program /var/task/d/tool"])
        #expect(contents.omissions.count == 1 && contents.omissions[0].contains("64 levels"))
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func whatCannotBeReadIsSaid() throws {
        let package = try PackageDirectory()
        try package.write("bootstrap", Self.program, mode: 0)
        mkdir(package.path + "/closed", 0)
        let contents = PackageContents(taskRoot: package.path)
        #expect(Self.shown(contents) == ["bootstrap other /var/task/bootstrap"])
        #expect(contents.omissions == ["the directory /var/task/closed cannot be read"])
    }

    @Test func aFileAloneIsTheBootstrap() throws {
        let package = try PackageDirectory()
        let path = try package.write("tool", Self.program)
        let contents = try PackageContents(file: path)
        #expect(Self.shown(contents) == ["bootstrap program \(path)"])
        #expect(contents.isFileAlone && contents.roots.isEmpty)
    }
}
