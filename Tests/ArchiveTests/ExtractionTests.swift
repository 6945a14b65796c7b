import Archive
import Foundation
import LambdaModel
import Testing

@Suite struct ExtractionTests {
    @Test func keepsContentsModesAndInnerLinks() throws {
        let space = try Workspace()
        let zip = try space.zip(
            ZipFixture(entries: [
                .file("bootstrap", "#!/bin/sh\n", mode: 0o100755),
                .file("lib/libx.so.1", "elf", mode: 0o100640),
                .link("lib/libx.so", "libx.so.1"),
                .link("current", "./lib/../lib"),
                .file("./näme mit Leerzeichen.txt", "日本"),
                ZipFixture.Entry(name: "empty/", mode: 0o040555),
                ZipFixture.Entry(name: "./", mode: 0o040755),
            ])
        )
        try Archive.extract(zip: zip, to: space.target)
        #expect(
            try space.inside() == [
                "bootstrap", "current", "empty", "lib", "lib/libx.so", "lib/libx.so.1", "näme mit Leerzeichen.txt",
            ]
        )
        #expect(try space.text("bootstrap") == "#!/bin/sh\n")
        #expect(try space.text("näme mit Leerzeichen.txt") == "日本")
        #expect(try space.mode("bootstrap") == 0o755)
        #expect(try space.mode("lib/libx.so.1") == 0o640)
        #expect(try space.mode("empty") == 0o755)
        #expect(try space.link("lib/libx.so") == "libx.so.1")
        #expect(try space.text("current/libx.so") == "elf")
    }

    @Test func dropsSpecialModeBits() throws {
        let space = try Workspace()
        let zip = try space.zip(ZipFixture(entries: [.file("bootstrap", mode: 0o107755)]))
        try Archive.extract(zip: zip, to: space.target)
        #expect(try space.mode("bootstrap") == 0o755)
    }

    /// Lambda answers "permission denied" to a zip packed on Windows; so must the unpacked file.
    @Test func filesWithoutUnixModeAreNotExecutable() throws {
        let space = try Workspace()
        let zip = try space.zip(
            ZipFixture(entries: [
                ZipFixture.Entry(name: "bootstrap", data: [1], madeBy: 0, externalAttributes: 0x20),
                ZipFixture.Entry(name: "lib", madeBy: 0, externalAttributes: 0x10),
                .file("unset", mode: 0),
            ])
        )
        try Archive.extract(zip: zip, to: space.target)
        #expect(try space.mode("bootstrap") == 0o644)
        #expect(try space.mode("lib") == 0o755)
        #expect(try space.mode("unset") == 0o644)
        #expect(try Archive.list(zip: zip).map(\.permissions) == [nil, nil, nil])
    }

    @Test func readsZip64CommentsAndPrefixes() throws {
        for fixture in [
            ZipFixture(entries: [.file("a"), .file("b")], zip64: true),
            ZipFixture(entries: [.file("a"), .file("b")], comment: Array("comment PK\u{5}\u{6} more".utf8)),
            ZipFixture(entries: [.file("a"), .file("b")], prefix: Array("#!/bin/sh\nexit\n".utf8)),
        ] {
            let space = try Workspace()
            try Archive.extract(zip: try space.zip(fixture), to: space.target)
            #expect(try space.inside() == ["a", "b"])
        }
    }

    @Test func caseCollisionsAreTwoFiles() throws {
        let space = try Workspace()
        let zip = try space.zip(ZipFixture(entries: [.file("a", "1"), .file("A", "2"), .file("é", "3")]))
        try Archive.extract(zip: zip, to: space.target)
        #expect(try space.inside().count == 3)
    }

    @Test func refusesToUnpackOverOtherFiles() throws {
        let space = try Workspace()
        let zip = try space.zip(ZipFixture(entries: [.file("a")]))
        try Archive.extract(zip: zip, to: space.target)
        #expect(throws: ApusError.self) { try Archive.extract(zip: zip, to: space.target) }
        #expect(try space.inside() == ["a"])
    }

    @Test func anEmptyDirectoryStaysAfterAnError() throws {
        let space = try Workspace()
        let zip = try space.zip(ZipFixture(entries: [.file("a"), .file("../x")]))
        try FileManager.default.createDirectory(atPath: space.target, withIntermediateDirectories: false)
        #expect(throws: ApusError.self) { try Archive.extract(zip: zip, to: space.target) }
        #expect(try space.inside() == [])
    }
}
