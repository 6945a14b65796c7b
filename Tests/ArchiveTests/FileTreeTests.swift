import Archive
import Foundation
import LambdaModel
import Testing

@Suite struct FileTreeTests {
    @Test func removesReadOnlyTreesAndSparesWhatLinksPointTo() throws {
        let space = try Workspace()
        let files = FileManager.default
        try files.createDirectory(atPath: space.target + "/a/b", withIntermediateDirectories: true)
        try files.createSymbolicLink(atPath: space.target + "/a/link", withDestinationPath: "../../")
        try files.setAttributes([.posixPermissions: 0o500], ofItemAtPath: space.target + "/a/b")
        try files.setAttributes([.posixPermissions: 0], ofItemAtPath: space.target + "/a")
        try FileTree.remove(space.target)
        #expect(!files.fileExists(atPath: space.target))
        #expect(try space.outside() == ["witness=witness"])
    }

    @Test func nothingThereIsNoError() throws {
        let space = try Workspace()
        try FileTree.remove(space.target)
        #expect(throws: ApusError.self) { try FileTree.removeContents(of: space.target) }
    }
}
