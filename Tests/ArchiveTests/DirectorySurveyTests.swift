import Archive
import Foundation
import LambdaModel
import Testing

@Suite struct DirectorySurveyTests {
    private func directory(_ space: Workspace, files: [String: Int]) throws -> String {
        let root = space.path + "/source"
        for (name, size) in files {
            let file = URL(fileURLWithPath: root + "/" + name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(repeating: 1, count: size).write(to: file)
        }
        return root
    }

    @Test func countsWhatLambdaCounts() throws {
        let space = try Workspace()
        let root = try directory(space, files: ["a": 10, "b/c": 30, "b/d": 20, "e": 5, "z": 10])
        try FileManager.default.createSymbolicLink(atPath: root + "/b/link", withDestinationPath: "../a")
        let survey = try DirectorySurvey(of: root)
        #expect(survey.bytes == 75)
        #expect(survey.entries == 7)
        #expect(survey.largest.map(\.path) == ["b/c", "b/d", "a"])
    }

    @Test(
        arguments: [
            ("link", "/etc/passwd", "leads outside the package"), ("b/link", "../../a", "leads outside the package"),
            ("link", "link", "leads back to itself"),
        ]
    )
    func badLinksAreNamed(_ name: String, _ target: String, _ message: String) throws {
        let space = try Workspace()
        let root = try directory(space, files: ["a": 1, "b/c": 1])
        try FileManager.default.createSymbolicLink(atPath: root + "/" + name, withDestinationPath: target)
        let error = try #require(throws: ApusError.self) { try DirectorySurvey(of: root) }
        #expect(error.message.contains("'\(name)'") && error.message.contains(message), "\(error)")
    }

    @Test func whatIsNoFileIsNamed() throws {
        let space = try Workspace()
        let root = try directory(space, files: ["a": 1])
        #expect(mkfifo(root + "/fifo", 0o600) == 0)
        let error = try #require(throws: ApusError.self) { try DirectorySurvey(of: root) }
        #expect(error.message.contains("'fifo'"), "\(error)")
        #expect(throws: ApusError.self) { try DirectorySurvey(of: root + "/a") }
    }
}
