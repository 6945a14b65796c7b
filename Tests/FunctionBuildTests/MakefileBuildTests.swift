import Foundation
import FunctionBuild
import LambdaModel
import Testing

@Suite struct MakefileBuildTests {
    @Test func compilesInACopy() async throws {
        let project = try Project()
        try project.write("src/main.c", "int main(void) { return 7; }\n")
        try project.write(
            "src/Makefile",
            """
            build-Hello:
            \t@echo compiling in $(CURDIR)
            \tgcc -o bootstrap main.c
            \tcp bootstrap "$(ARTIFACTS_DIR)"/
            \t@case "$(ARTIFACTS_DIR)" in /*) echo absolute;; esac
            """
        )
        let before = try project.list("src")
        let result = try await project.build(project.request(method: .makefile))
        #expect(result.directory == project.path + "/.aws-sam/build/Hello")
        #expect(!result.isCached)
        #expect(try project.list(".aws-sam/build") == ["Hello", "Hello/bootstrap"])
        #expect(try project.mode(".aws-sam/build/Hello/bootstrap") & 0o111 != 0)
        #expect(try project.list("src") == before)
        #expect(try project.leftovers() == [])
        let lines = project.lines()
        #expect(lines.contains("absolute"))
        #expect(lines.contains { $0.hasPrefix("compiling in " + project.path + "/tmp/") })
    }

    @Test func eventsComeInOrder() async throws {
        let project = try Project()
        try project.write(
            "src/Makefile",
            "build-Hello:\n\t@echo one\n\t@echo two >&2\n\t@touch \"$(ARTIFACTS_DIR)/x\"\n"
        )
        try await project.build(project.request(method: .makefile))
        let events = project.events()
        #expect(
            Array(events.dropLast()) == [
                .started(logicalID: "Hello"), .output(logicalID: "Hello", line: "one"),
                .output(logicalID: "Hello", line: "two"),
            ]
        )
        guard case .finished("Hello", let duration) = events.last else { throw Project.Unexpected() }
        #expect(duration > .zero)
    }

    /// As SAM: both start at the template's directory; a working directory in the sources means its place in the copy.
    @Test(
        arguments: [
            ("src/inner", nil, "copy"), ("outer", nil, "place"), (nil, "make", "copy"), ("src/inner", "make", "copy"),
            (nil, "sub", "copy"),
        ] as [(String?, String?, String)]
    )
    func workingDirectoryAndContextPath(working: String?, context: String?, place: String) async throws {
        let project = try Project()
        let makefile = "build-Hello:\n\tpwd > \"$(ARTIFACTS_DIR)/pwd\"\n"
        for name in ["src/Makefile", "make/Makefile", "src/sub/Makefile"] {
            try project.write(name, makefile + "\techo \(name) > \"$(ARTIFACTS_DIR)/makefile\"\n")
        }
        try project.write("src/inner/file", "")
        try project.write("outer/file", "")
        var request = project.request(method: .makefile)
        request.workingDirectory = working
        request.contextPath = context
        try await project.build(request)
        let directory = try project.read(".aws-sam/build/Hello/pwd")
        #expect(directory.hasPrefix(project.path + (place == "copy" ? "/tmp/" : "/outer")))
        #expect(directory.contains("/inner") == (working == "src/inner"))
        let used = context.map { $0 == "sub" ? "src/sub/Makefile" : $0 + "/Makefile" } ?? "src/Makefile"
        #expect(try project.read(".aws-sam/build/Hello/makefile") == used + "\n")
        #expect(try await project.build(request).isCached)
    }

    @Test func passesTheEnvironment() async throws {
        let project = try Project()
        try project.write(
            "src/Makefile",
            "build-Hello:\n\techo \"$$SAM_BUILD_MODE $$HOST $$OWN $$APUS_TARGET_CPU $$APUS_ARCHITECTURE [$$MAKEFLAGS]\""
                + " > \"$(ARTIFACTS_DIR)/out\"\n"
        )
        var request = project.request(method: .makefile)
        request.environment = ["OWN": "own"]
        request.targetCPU = "lambda"
        request.architecture = .arm64
        let host = ["SAM_BUILD_MODE": "debug", "HOST": "host", "OWN": "no", "MAKELEVEL": "1", "MAKEFLAGS": "k"]
        try await project.build(request, builder: project.builder(environment: host))
        #expect(try project.read(".aws-sam/build/Hello/out") == "debug host own lambda arm64 []\n")
    }

    @Test func layersToo() async throws {
        let project = try Project()
        try project.write(
            "src/Makefile",
            "build-Layer:\n\tmkdir \"$(ARTIFACTS_DIR)/lib\"\n\techo x > \"$(ARTIFACTS_DIR)/lib/x\"\n"
        )
        var request = project.request("Layer", method: .makefile)
        request.kind = .layer
        #expect(try await project.build(request).kind == .layer)
        #expect(try project.list(".aws-sam/build/Layer") == ["lib", "lib/x"])
    }

    /// SAM runs make for a custom runtime without a BuildMethod, too.
    @Test func withoutAMethodTheTargetDecides() async throws {
        let project = try Project()
        try project.write("src/Makefile", "build-Made build-Other: \n\techo made > \"$(ARTIFACTS_DIR)/made\"\n")
        _ = try await project.build([project.request("Made"), project.request("Copied"), project.request("Other")])
        #expect(try project.list(".aws-sam/build/Made") == ["made"])
        #expect(try project.list(".aws-sam/build/Other") == ["made"])
        #expect(try project.list(".aws-sam/build/Copied") == ["Makefile"])
    }

    @Test(arguments: [("build-%", "made"), ("build-H%o", "made"), ("build-X%", "copied"), ("build-Hello:=", "copied")])
    func patternsAreTargets(target: String, outcome: String) async throws {
        let project = try Project()
        try project.write("src/Makefile", "\(target):\n\techo made > \"$(ARTIFACTS_DIR)/made\"\n")
        try await project.build(project.request())
        #expect(try project.list(".aws-sam/build/Hello") == [outcome == "made" ? "made" : "Makefile"])
    }

    @Test func artifactsDirectoryHasTheLogicalIDAsItsName() async throws {
        let project = try Project()
        try project.write("src/Makefile", "build-Hello:\n\tbasename \"$(ARTIFACTS_DIR)\" > \"$(ARTIFACTS_DIR)/name\"\n")
        try await project.build(project.request())
        #expect(try project.read(".aws-sam/build/Hello/name") == "Hello\n")
        #expect(try project.mode(".aws-sam/build/Hello") & 0o055 == 0o055)
    }

    @Test func warnsOfLinksOutOfTheArtifact() async throws {
        let project = try Project()
        try project.write("src/Makefile", "build-Hello:\n\tln -s /opt/x \"$(ARTIFACTS_DIR)/x\"\n")
        try await project.build(project.request(method: .makefile))
        let warnings = project.events().filter { if case .warning = $0 { true } else { false } }
        #expect(warnings.count == 1)
    }

    /// A process that a recipe left behind holds the output open; the build must end all the same, and end it.
    @Test(.timeLimit(.minutes(1))) func aProcessLeftBehindIsEnded() async throws {
        let project = try Project()
        try project.write(
            "src/Makefile",
            "build-Hello:\n\t@sleep 1000 & echo $$! > \"$(ARTIFACTS_DIR)/pid\"\n"
        )
        try await project.build(project.request(method: .makefile))
        let text = try project.read(".aws-sam/build/Hello/pid").trimmingCharacters(in: .newlines)
        let identifier = try #require(pid_t(text))
        #expect(Processes.ends(identifier))
    }

    @Test(.timeLimit(.minutes(1))) func cancellationEndsTheTools() async throws {
        let project = try Project()
        try project.write("src/old", "old")
        try await project.build(project.request())
        try project.write(
            "src/Makefile",
            "build-Hello:\n\t@trap '' TERM; sleep 1000 & echo pid $$!; wait\n"
        )
        _ = project.events()
        let (started, signal) = AsyncStream.makeStream(of: pid_t.self)
        let task = Task {
            try await project.builder().build([project.request(method: .makefile)]) { event in
                if case .output(_, let line) = event, let identifier = pid_t(line.dropFirst(4)) {
                    signal.yield(identifier)
                }
            }
        }
        var iterator = started.makeAsyncIterator()
        let identifier = try #require(await iterator.next())
        task.cancel()
        let error = await #expect(throws: BuildFailure.self) { try await task.value }
        #expect(error?.error.code == .buildCancelled)
        #expect(Processes.ends(identifier))
        #expect(try project.list(".aws-sam/build/Hello") == ["old"])
        #expect(try project.leftovers() == [])
    }
}
