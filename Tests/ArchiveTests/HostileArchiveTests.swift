import Archive
import Foundation
import LambdaModel
import Testing

/// Archives that must not unpack: nothing changes outside, nothing is left inside, the message names the entry.
@Suite struct HostileArchiveTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var fixture: ZipFixture
        var code: ApusError.Code
        var message: String

        init(_ name: String, _ entries: [ZipFixture.Entry], _ code: ApusError.Code, _ message: String) {
            testDescription = name
            fixture = ZipFixture(entries: entries)
            self.code = code
            self.message = message
        }
    }

    typealias Entry = ZipFixture.Entry

    static let cases: [Case] = [
        Case("parent", [.file("a"), .file("../x")], .archiveUnsafe, "entry '../x' leads outside the package"),
        Case("hidden parent", [.file("a/b/../../../x")], .archiveUnsafe, "leads outside the package"),
        Case("absolute", [.file("/tmp/x")], .archiveUnsafe, "entry '/tmp/x' has an absolute name"),
        Case("backslash", [.file("..\\x")], .archiveUnsafe, "backslash"),
        Case("NUL", [.file("a\0b")], .archiveUnsafe, "NUL byte"),
        Case("no name", [.file("")], .archiveDamaged, "no name"),
        Case("long name", [.file(String(repeating: "a", count: 300))], .archiveUnsafe, "too long"),
        Case("deep name", [.file(String(repeating: "a/", count: 500) + "b")], .archiveUnsafe, "too long"),
        Case("escape in name", [.file("../\u{1B}[2J")], .archiveUnsafe, "entry '../\\u{1B}[2J'"),
        Case("link out", [.link("l", "../../etc")], .archiveUnsafe, "which leads outside the package"),
        Case("absolute link", [.link("l", "/etc/passwd")], .archiveUnsafe, "'/etc/passwd', which leads outside"),
        Case(
            "chain of links",
            [.link("a/here", "."), .link("a/l", "here/../.."), .file("a/b")],
            .archiveUnsafe,
            "'a/l' is a symbolic link to 'here/../..'"
        ),
        Case("link to link out", [.link("a", "b"), .link("b", "..")], .archiveUnsafe, "outside the package"),
        Case("circle", [.link("a", "b"), .link("b", "a")], .archiveUnsafe, "leads back to itself"),
        Case("empty link", [.link("a", "")], .archiveUnsafe, "without a usable target"),
        Case(
            "write through a link",
            [.link("l", "d"), .file("l/x")],
            .archiveUnsafe,
            "'l' has the name of an earlier"
        ),
        Case("write through a link, later", [.file("l/x"), .link("l", "d")], .archiveUnsafe, "'l' has the name of"),
        Case("file then link", [.file("a"), .link("a", "b")], .archiveUnsafe, "'a' has the name of an earlier entry"),
        Case("two links", [.link("a", "b"), .link("./a", "c")], .archiveUnsafe, "has the name of an earlier entry"),
        Case("two files", [.file("a", "1"), .file("a", "2")], .archiveUnsafe, "has the name of an earlier entry"),
        Case("two spellings", [.file("a/b"), .file("./a//b")], .archiveUnsafe, "has the name of an earlier entry"),
        Case("below a file", [.file("a"), .file("a/b")], .archiveUnsafe, "below an entry that is not a directory"),
        Case("device", [.file("d", mode: 0o020666)], .archiveUnsafe, "neither a file nor a directory"),
        Case("block device", [.file("d", mode: 0o060666)], .archiveUnsafe, "neither a file nor a directory"),
        Case("FIFO", [.file("d", mode: 0o010666)], .archiveUnsafe, "neither a file nor a directory"),
        Case("socket", [.file("d", mode: 0o140666)], .archiveUnsafe, "neither a file nor a directory"),
        Case("other local name", [Entry(name: "a", localName: "b")], .archiveDamaged, "another header before its data"),
        Case("shared data", [.file("a"), Entry(name: "a", sharesHeader: 0)], .archiveDamaged, "overlaps"),
        Case("other local size", [Entry(name: "a", data: [1], localSize: 9)], .archiveDamaged, "other sizes"),
        Case("size too large", [Entry(name: "a", data: [1], declaredSize: 9)], .archiveDamaged, "does not unpack"),
        Case(
            "size too small",
            [Entry(name: "a", data: [1, 2, 3], declaredSize: 1)],
            .archiveDamaged,
            "does not unpack"
        ),
        Case("wrong CRC", [Entry(name: "a", data: [1], crc: 7)], .archiveDamaged, "does not unpack"),
        Case("encrypted", [Entry(name: "a", data: [1], flags: 1)], .archiveUnsupported, "entry 'a' is encrypted"),
        Case("LZMA", [Entry(name: "a", data: [1], method: 14)], .archiveUnsupported, "compression method 14"),
        Case("unknown method", [Entry(name: "a", data: [1], method: 77)], .archiveUnsupported, "compression method 77"),
        Case("no deflate data", [Entry(name: "a", data: [255, 255], method: 8)], .archiveDamaged, "does not unpack"),
    ]

    @Test(arguments: cases) func isRefused(_ hostile: Case) throws {
        let space = try Workspace()
        let zip = try space.zip(hostile.fixture)
        let error = try #require(throws: ApusError.self) { try Archive.extract(zip: zip, to: space.target) }
        #expect(error.code == hostile.code)
        #expect(error.message.contains(hostile.message), "\(error.message)")
        #expect(error.message.hasPrefix(zip + ": "))
        #expect(try space.outside() == ["witness=witness"])
        #expect(!FileManager.default.fileExists(atPath: space.target))
    }

    @Test(arguments: [
        ([UInt8]("hello, world, this is no archive".utf8), ApusError.Code.archiveNotZip, "is not a zip archive"),
        ([], .archiveNotZip, "is an empty file"),
        (ZipFixture(entries: []).bytes, .archiveNotZip, "with nothing in it"),
        ([UInt8](ZipFixture(entries: [.file("a")], cut: 10).bytes), .archiveDamaged, "cut off"),
        (ZipFixture(entries: [.file("a")], declaredCount: 5).bytes, .archiveDamaged, "ends too early"),
        (
            ZipFixture(entries: [.file("a"), .file("b")], declaredCount: 1).bytes, .archiveDamaged,
            "more than it declares"
        ),
        (hiddenDirectory, .archiveDamaged, "damaged"),
        (Array(ZipFixture(entries: [.file("abcdefgh")]).bytes.dropFirst(20)), .archiveDamaged, "where it should be"),
    ])
    func brokenArchive(bytes: [UInt8], code: ApusError.Code, message: String) throws {
        let space = try Workspace()
        let zip = try space.zip(bytes: bytes)
        let error = try #require(throws: ApusError.self) { try Archive.extract(zip: zip, to: space.target) }
        #expect(error.code == code)
        #expect(error.message.contains(message), "\(error.message)")
        #expect(!FileManager.default.fileExists(atPath: space.target))
    }

    /// A whole second archive in the comment of the first, which a reader that searches from the end takes for the archive.
    static let hiddenDirectory: [UInt8] = {
        let hidden = ZipFixture(entries: [.file("../x", "evil")]).bytes
        return ZipFixture(entries: [.file("a", "good")], comment: hidden + [0]).bytes
    }()

    @Test func missingFileAndDirectory() throws {
        let space = try Workspace()
        for (path, message) in [("/nothing.zip", "no such file"), ("/outside", "is not a file")] {
            let error = try #require(throws: ApusError.self) {
                try Archive.extract(zip: space.path + path, to: space.target)
            }
            #expect(error.message.contains(message), "\(error.message)")
        }
    }

    /// Every archive that is cut anywhere is refused or, at no place, hangs or traps.
    @Test func everyTruncationIsRefused() throws {
        let whole = ZipFixture(entries: [.file("bootstrap", "text"), .link("l", "bootstrap")], zip64: true).bytes
        let space = try Workspace()
        for length in 0..<whole.count {
            let zip = try space.zip(bytes: Array(whole.prefix(length)))
            #expect(throws: ApusError.self) { try Archive.extract(zip: zip, to: space.target) }
        }
        #expect(!FileManager.default.fileExists(atPath: space.target))
    }

    /// A flipped byte may go unnoticed (a time stamp), but never leads out of the directory or traps.
    @Test func flippedBytesStayInside() throws {
        let whole = ZipFixture(
            entries: [.file("a/bootstrap", "text"), .link("l", "a/bootstrap"), .file("b")]
        ).bytes
        let space = try Workspace()
        for position in whole.indices {
            for mask in [0x01, 0x80, 0xFF] as [UInt8] {
                var bytes = whole
                bytes[position] ^= mask
                let zip = try space.zip(bytes: bytes)
                try? Archive.extract(zip: zip, to: space.target)
                try? FileManager.default.removeItem(atPath: space.target)
            }
        }
        #expect(try space.outside() == ["witness=witness"])
    }

    @Test func boundsBytesEntriesAndImpliedDirectories() throws {
        let space = try Workspace()
        let zip = try space.zip(ZipFixture(entries: [.file("a/b/c/d", "1234"), .file("e", "5678")]))
        for (limits, message) in [
            (ExtractionLimits(bytes: 7), "more than 7 bytes"), (ExtractionLimits(entries: 1), "has 2 entries"),
            (ExtractionLimits(entries: 4), "more than 4 files and directories"),
        ] {
            let error = try #require(throws: ApusError.self) {
                try Archive.extract(zip: zip, to: space.target, limits: limits)
            }
            #expect(error.code == .archiveTooLarge)
            #expect(error.message.contains(message), "\(error.message)")
            #expect(!FileManager.default.fileExists(atPath: space.target))
        }
        try Archive.extract(zip: zip, to: space.target, limits: ExtractionLimits(bytes: 8, entries: 5))
        #expect(try space.text("a/b/c/d") == "1234")
    }

    /// 64 MB of zeros in some 64 KB: the bound holds while it unpacks, and for what the headers say.
    @Test func ratioBomb() throws {
        let space = try Workspace()
        let source = space.path + "/bomb"
        try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
        try Data(count: 64 << 20).write(to: URL(fileURLWithPath: source + "/zeros"))
        let zip = space.path + "/bomb.zip"
        try Archive.write(directory: source, to: zip)
        #expect(throws: ApusError.self) {
            try Archive.extract(zip: zip, to: space.target, limits: ExtractionLimits(bytes: 1 << 20))
        }
        // The same data under a declared size of 5 bytes.
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: zip)))
        let size = ZipFixture.u32(64 << 20)
        for index in 0..<(bytes.count - 3) where Array(bytes[index..<(index + 4)]) == size {
            bytes.replaceSubrange(index..<(index + 4), with: ZipFixture.u32(5))
        }
        let lying = try space.zip(bytes: bytes)
        #expect(throws: ApusError.self) {
            try Archive.extract(zip: lying, to: space.target, limits: ExtractionLimits(bytes: 1 << 20))
        }
        #expect(!FileManager.default.fileExists(atPath: space.target))
    }
}
