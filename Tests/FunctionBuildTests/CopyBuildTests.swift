import Archive
import Foundation
import FunctionBuild
import LambdaModel
import Testing

@Suite struct CopyBuildTests {
    @Test func keepsModesAndInnerLinks() async throws {
        let project = try Project()
        try project.write("src/bootstrap", "#!/bin/sh\n", mode: 0o755)
        try project.write("src/lib/lib ä.so.1", "elf", mode: 0o444)
        try project.link("src/lib/lib.so", to: "lib ä.so.1")
        try project.link("src/dangling", to: "nothing/here")
        try project.write("src/.git/config", "x")
        try project.write("src/.aws-sam/build/x", "x")
        try project.write("src/sub/.git", "x")
        try project.write("src/.gitignore", "x")
        try await project.build(project.request())
        #expect(
            try project.list(".aws-sam/build/Hello") == [
                ".gitignore", "bootstrap", "dangling", "lib", "lib/lib ä.so.1", "lib/lib.so", "sub",
            ]
        )
        #expect(try project.mode(".aws-sam/build/Hello/bootstrap") == 0o755)
        #expect(try project.mode(".aws-sam/build/Hello/lib/lib ä.so.1") == 0o444)
        #expect(try project.linkTarget(".aws-sam/build/Hello/lib/lib.so") == "lib ä.so.1")
        #expect(try project.linkTarget(".aws-sam/build/Hello/dangling") == "nothing/here")
        #expect(try project.leftovers() == [])
    }

    /// A link out of the sources would be dead on Lambda: its target's content takes its place, as in SAM.
    @Test func linksThatLeaveAreReplaced() async throws {
        let project = try Project()
        try project.write("shared/data/a", "outside")
        try project.link("shared/data/b", to: "a")
        try project.write("src/inside", "inside")
        try project.link("src/data", to: "../shared/data")
        try project.link("src/file", to: project.path + "/shared/data/a")
        try project.link("src/absolute", to: project.path + "/src/inside")
        try project.link("src/around", to: "../src/inside")
        try await project.build(project.request())
        let built = ".aws-sam/build/Hello/"
        #expect(try project.read(built + "data/a") == "outside")
        #expect(try project.read(built + "data/b") == "outside")
        #expect(try project.read(built + "file") == "outside")
        #expect(try project.linkTarget(built + "absolute") == "inside")
        #expect(try project.linkTarget(built + "around") == "inside")
        #expect(throws: (any Error).self) { try project.linkTarget(built + "data") }
        // What the link leads to belongs to the sources.
        #expect(try await project.build(project.request()).isCached)
        try project.write("shared/data/a", "changed")
        #expect(try await !project.build(project.request()).isCached)
        #expect(try project.read(built + "file") == "changed")
    }

    @Test(arguments: ["..", "/"]) func linksToWhatHoldsThemAreRefused(target: String) async throws {
        let project = try Project()
        try project.write("src/a", "x")
        try project.link("src/link", to: target)
        let failure = try await project.failure(project.request())
        #expect(failure.error.message.contains("which holds the link itself"))
    }

    @Test func leavesTheBuildDirectoryOut() async throws {
        let project = try Project()
        try project.write("bootstrap", "x")
        let builder = FunctionBuilder(
            buildDirectory: project.path + "/out",
            cacheDirectory: project.path + "/cache",
            environment: project.environment
        )
        for _ in 0..<2 {
            _ = try await builder.build([project.request(code: ".")]) { _ in }
            #expect(try project.list("out/Hello") == ["bootstrap", "tmp"])
        }
        #expect(try await builder.build([project.request(code: ".")]) { _ in }[0].isCached)
    }

    @Test func specialFilesAreLeftOutWithAWarning() async throws {
        let project = try Project()
        try project.write("src/a", "x")
        #expect(mkfifo(project.path + "/src/fifo", 0o600) == 0)
        try await project.build(project.request())
        #expect(try project.list(".aws-sam/build/Hello") == ["a"])
        #expect(
            project.events().contains { if case .warning(_, let text) = $0 { text.contains("'fifo'") } else { false } }
        )
    }

    @Test func zipsAreUnpacked() async throws {
        let project = try Project()
        try project.write("src/bootstrap", "#!/bin/sh\n", mode: 0o755)
        try Archive.write(directory: project.path + "/src", to: project.path + "/function.zip")
        var request = project.request()
        request.code = .zip(path: "function.zip")
        try await project.build(request)
        #expect(try project.list(".aws-sam/build/Hello") == ["bootstrap"])
        #expect(try project.mode(".aws-sam/build/Hello/bootstrap") == 0o755)
        #expect(try await project.build(request).isCached)
        try project.write("function.zip", "broken")
        let failure = try await project.failure(request)
        #expect(failure.error.message.contains("is not a zip archive"))
        #expect(try project.list(".aws-sam/build/Hello") == ["bootstrap"])
        #expect(try project.leftovers() == [])
    }

    @Test func aFileBecomesTheBootstrap() async throws {
        let project = try Project()
        try project.write("app", "elf", mode: 0o755)
        var request = project.request()
        request.code = .file(path: "app")
        try await project.build(request)
        #expect(try project.list(".aws-sam/build/Hello") == ["bootstrap"])
        #expect(try project.mode(".aws-sam/build/Hello/bootstrap") == 0o755)
    }
}
