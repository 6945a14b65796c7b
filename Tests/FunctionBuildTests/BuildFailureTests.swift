import Foundation
import FunctionBuild
import LambdaModel
import Testing

/// Failures name the function, the cause and the next step; the previous artifact stands, nothing is left lying about.
@Suite struct BuildFailureTests {
    @Test func aFailedBuildKeepsThePreviousArtifact() async throws {
        let project = try Project()
        try project.write("src/Makefile", "build-Hello:\n\techo 1 > \"$(ARTIFACTS_DIR)/version\"\n")
        try await project.build(project.request(method: .makefile))
        try project.write(
            "src/Makefile",
            "build-Hello:\n\techo 2 > \"$(ARTIFACTS_DIR)/version\"\n\t@echo 'main.c:3: error: no' >&2\n\t@exit 3\n"
        )
        _ = project.events()
        let failure = try await project.failure(project.request(method: .makefile))
        #expect(failure.logicalID == "Hello")
        #expect(failure.tool == "make")
        #expect(failure.exitStatus == 2)
        #expect(failure.error.code == .buildToolFailed)
        #expect(failure.error.message == "make build-Hello failed with exit status 2")
        #expect(failure.output.contains("main.c:3: error: no"))
        #expect(project.events().last == .failed(logicalID: "Hello"))
        #expect(try project.read(".aws-sam/build/Hello/version") == "1\n")
        #expect(try project.leftovers() == [])
        // Back to what was built: it is still there.
        try project.write("src/Makefile", "build-Hello:\n\techo 1 > \"$(ARTIFACTS_DIR)/version\"\n")
        #expect(try await project.build(project.request(method: .makefile)).isCached)
    }

    @Test func outputIsBounded() async throws {
        let project = try Project()
        try project.write(
            "src/Makefile",
            "build-Hello:\n\t@head -c 3000000 /dev/zero | tr '\\0' x\n\t@echo; echo last; exit 1\n"
        )
        let failure = try await project.failure(project.request(method: .makefile))
        #expect(failure.output.utf8.count <= BuildFailure.outputBytes)
        #expect(failure.output.contains("last"))
        #expect(project.lines().allSatisfy { $0.utf8.count <= 8_192 })
    }

    @Test func missingTool() async throws {
        let project = try Project()
        try project.write("src/Makefile", "build-Hello:\n\ttrue\n")
        let builder = project.builder(environment: ["PATH": project.path])
        let failure = try await project.failure(project.request(method: .makefile), builder: builder)
        #expect(failure.error.code == .buildToolMissing)
        #expect(failure.error.message.contains("'make' is not installed"))
        #expect(failure.error.hint?.contains("apt-get install make") == true)
        #expect(try project.leftovers() == [])
    }

    @Test func missingTarget() async throws {
        let project = try Project()
        try project.write("src/Makefile", "build-Other:\n\ttrue\n")
        let failure = try await project.failure(project.request(method: .makefile))
        #expect(failure.error.code == .buildNoTarget)
        #expect(failure.error.message.contains("has no target 'build-Hello'"))
        #expect(failure.error.hint?.contains("It has build-Other.") == true)
    }

    @Test func missingMakefile() async throws {
        let project = try Project()
        try project.write("src/main.c", "")
        let failure = try await project.failure(project.request(method: .makefile))
        #expect(failure.error.code == .buildNoTarget)
        #expect(failure.error.message == "no Makefile at '\(project.path)/src/Makefile'")
    }

    @Test(arguments: ["build-Hello:\n\t@true\n", "build-Hello:\n\tmkdir \"$(ARTIFACTS_DIR)/empty\"\n"])
    func emptyArtifact(makefile: String) async throws {
        let project = try Project()
        try project.write("src/Makefile", makefile)
        let failure = try await project.failure(project.request(method: .makefile))
        #expect(failure.error.code == .buildEmpty)
        #expect(failure.error.message.contains("left nothing in ARTIFACTS_DIR"))
        #expect(!project.exists(".aws-sam/build/Hello"))
        #expect(try project.leftovers() == [])
    }

    @Test func emptySources() async throws {
        let project = try Project()
        try FileManager.default.createDirectory(atPath: project.path + "/src", withIntermediateDirectories: true)
        #expect(try await project.failure(project.request()).error.code == .buildEmpty)
    }

    @Test(arguments: [
        ("../Hello", "src", "cannot be a logical ID"), ("", "src", "cannot be a logical ID"),
        ("Hello", "nothing", "does not exist"), ("Hello", "src/file", "is not a directory"),
    ])
    func badRequest(logicalID: String, code: String, message: String) async throws {
        let project = try Project()
        try project.write("src/file", "x")
        let failure = try await project.failure(project.request(logicalID, code: code))
        #expect(failure.error.code == .buildInvalid)
        #expect(failure.error.message.contains(message), "\(failure.error.message)")
    }

    @Test func badMethodsAndDirectories() async throws {
        let project = try Project()
        try project.write("src/Makefile", "build-Hello:\n\ttrue\n")
        let dotnet = try await project.failure(project.request(method: BuildMethod(name: "dotnet7")))
        #expect(dotnet.error.message.contains("BuildMethod 'dotnet7' is not one"))
        var request = project.request(method: BuildMethod(name: "Makefile"))
        request.workingDirectory = "nowhere"
        #expect(try await project.failure(request).error.message.contains("nowhere' is not a directory"))
        request.workingDirectory = nil
        request.code = .zip(path: "src/Makefile")
        #expect(try await project.failure(request).error.message.contains("needs a directory"))
        await #expect(throws: BuildFailure.self) { try await project.build([project.request(), project.request()]) }
    }

    @Test func unwritableBuildDirectory() async throws {
        let project = try Project()
        try project.write("src/file", "x")
        try project.write("block", "")
        for (directory, reason) in [(project.path + "/block/build", "not a directory"), ("/proc/self/build", "cannot")]
        {
            let builder = FunctionBuilder(
                buildDirectory: directory,
                cacheDirectory: directory,
                environment: project.environment
            )
            let failure = try await project.failure(project.request(), builder: builder)
            #expect(failure.error.code == .buildInputOutput)
            #expect(failure.error.message.contains(directory), "\(failure.error.message)")
            #expect(failure.error.message.contains(reason), "\(failure.error.message)")
        }
    }

    /// The first failure ends the others, and is the one that is reported.
    @Test(.timeLimit(.minutes(1))) func oneFailureEndsAll() async throws {
        let project = try Project()
        try project.write("src/Makefile", "build-Slow:\n\tsleep 1000\nbuild-Bad:\n\texit 1\n")
        let error = await #expect(throws: BuildFailure.self) {
            try await project.build([
                project.request("Slow", method: .makefile), project.request("Bad", method: .makefile),
            ])
        }
        #expect(error?.logicalID == "Bad")
        let events = project.events()
        #expect(events.contains(.failed(logicalID: "Bad")))
        #expect(events.contains(.cancelled(logicalID: "Slow")))
        #expect(try project.leftovers() == [])
    }
}
