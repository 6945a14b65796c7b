import Archive
import Foundation
import LambdaModel
import Testing

@Suite struct PackingTests {
    private func makeSources(_ space: Workspace) throws -> String {
        let source = space.path + "/source"
        let files = FileManager.default
        try files.createDirectory(atPath: source + "/lib/empty", withIntermediateDirectories: true)
        try Data("#!/bin/sh\n".utf8).write(to: URL(fileURLWithPath: source + "/bootstrap"))
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: source + "/bootstrap")
        try Data(repeating: 65, count: 300_000).write(to: URL(fileURLWithPath: source + "/lib/日本 é.so.1"))
        try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: source + "/lib/日本 é.so.1")
        try Data().write(to: URL(fileURLWithPath: source + "/none"))
        try files.createSymbolicLink(atPath: source + "/lib/x.so", withDestinationPath: "日本 é.so.1")
        return source
    }

    @Test func packsAndUnpacksTheSame() throws {
        let space = try Workspace()
        let source = try makeSources(space)
        let zip = space.path + "/out.zip"
        try Archive.write(directory: source, to: zip)
        try Archive.extract(zip: zip, to: space.target)
        #expect(
            try space.inside() == ["bootstrap", "lib", "lib/empty", "lib/x.so", "lib/日本 é.so.1", "none"]
        )
        #expect(try space.mode("bootstrap") == 0o755)
        #expect(try space.text("lib/日本 é.so.1") == String(repeating: "A", count: 300_000))
        #expect(try space.link("lib/x.so") == "日本 é.so.1")
        #expect(
            try Archive.list(zip: zip).map(\.name)
                == ["bootstrap", "lib/", "lib/empty/", "lib/x.so", "lib/日本 é.so.1", "none"]
        )
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: space.path).sorted() == [
                "out.zip", "outside", "source",
            ]
        )
    }

    @Test func sameInputSameBytes() throws {
        let space = try Workspace()
        let source = try makeSources(space)
        try Archive.write(directory: source, to: space.path + "/1.zip")
        let later = Date(timeIntervalSince1970: 2_000_000_000)
        try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: source + "/bootstrap")
        try FileManager.default.copyItem(atPath: source, toPath: space.path + "/copy")
        try Archive.write(directory: space.path + "/copy", to: space.path + "/2.zip")
        let first = try Data(contentsOf: URL(fileURLWithPath: space.path + "/1.zip"))
        #expect(try first == Data(contentsOf: URL(fileURLWithPath: space.path + "/2.zip")))
        // The oldest date a zip can hold, and nothing of today.
        #expect(first.range(of: Data(ZipFixture.u32(0x0021_0000))) != nil)
    }

    /// An independent reader must see the same names: those beyond ASCII carry the UTF-8 flag.
    @Test func namesAreFlaggedAsUTF8() throws {
        let space = try Workspace()
        let zip = space.path + "/out.zip"
        try Archive.write(directory: try makeSources(space), to: zip)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: zip)))
        let name = Array("lib/日本 é.so.1".utf8)
        let position = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
        #expect(bytes[position - 30 + 7] & 0x08 != 0)
    }

    @Test func aFailureLeavesTheOldArchive() throws {
        let space = try Workspace()
        let source = try makeSources(space)
        let zip = try space.zip(bytes: [1, 2, 3])
        #expect(mkfifo(source + "/fifo", 0o600) == 0)
        let error = try #require(throws: ApusError.self) { try Archive.write(directory: source, to: zip) }
        #expect(error.message.contains("'fifo'"), "\(error.message)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: zip)) == Data([1, 2, 3]))
        #expect(throws: ApusError.self) { try Archive.write(directory: source + "/nothing", to: zip) }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: space.path).sorted() == [
                "function.zip", "outside", "source",
            ]
        )
    }
}
