import Foundation
import LambdaModel
import Testing

@testable import FunctionBuild

/// Builds by the methods that call a compiler: what becomes of good and of bad sources. All paths have blanks and letters
/// beyond ASCII.
@Suite struct CompiledBuildTests {
    private static let main = "int main(void) { return 7; }\n"

    private func request(_ project: Project, _ method: BuildMethod = .unspecified) -> BuildRequest {
        var request = project.request(method: method)
        request.architecture = .host
        request.runtime = .providedAL2023
        return request
    }

    private func warnings(_ project: Project) -> [String] {
        project.events().compactMap { if case .warning(_, let message) = $0 { message } else { nil } }
    }

    @Test(Prerequisite.cc) func theMethodIsSaidAndTheSourcesStay() async throws {
        let project = try Project()
        try project.write("src/größe.c", "#include \"a b.h\"\n" + Self.main)
        try project.write("src/a b.h", "")
        let before = try project.list("src")
        try await project.build(request(project))
        #expect(project.events().prefix(2).last == .detected(logicalID: "Hello", method: "c", because: "*.c"))
        #expect(try project.list(".aws-sam/build/Hello") == ["bootstrap"])
        #expect(try project.mode(".aws-sam/build/Hello/bootstrap") & 0o111 == 0o111)
        #expect(try project.list("src") == before)
        #expect(try project.leftovers() == [])
        #expect(try await project.build(request(project)).isCached)
        try project.write("src/a b.h", "/* changed */\n")
        #expect(try await !project.build(request(project)).isCached)
    }

    @Test(Prerequisite.cc) func aReadOnlyTreeIsBuilt() async throws {
        let project = try Project()
        try project.write("src/main.c", Self.main, mode: 0o444)
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: project.path + "/src")
        try await project.build(request(project))
        #expect(project.exists(".aws-sam/build/Hello/bootstrap"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: project.path + "/src")
    }

    @Test(Prerequisite.cc) func modeAndCPUReachTheCompiler() async throws {
        let project = try Project()
        try project.write(
            "src/main.c",
            """
            #ifdef __OPTIMIZE__
            #define MODE "release"
            #else
            #define MODE "debug"
            #endif
            #ifdef __AVX2__
            #define CPU "avx2"
            #else
            #define CPU "older"
            #endif
            const char *what = "[" MODE " " CPU "]";
            int main(void) { return what[1]; }
            """
        )
        var request = request(project)
        request.architecture = .x86_64
        try await project.build(request)
        func says(_ text: String) throws -> Bool {
            let data = try Data(contentsOf: URL(fileURLWithPath: project.path + "/.aws-sam/build/Hello/bootstrap"))
            return data.range(of: Data(text.utf8)) != nil
        }
        #expect(try says("[release older]"))
        request.targetCPU = "haswell"
        #expect(try await !project.build(request).isCached)
        #expect(try says("[release avx2]"))
        request.targetCPU = nil
        try await project.build(request, builder: project.builder(environment: ["SAM_BUILD_MODE": "debug"]))
        #expect(try says("[debug older]"))
    }

    @Test(Prerequisite.cc) func aFailingCompilerIsQuoted() async throws {
        let project = try Project()
        try project.write("src/main.c", "int main(void) { return undeclared_bird; }\n")
        let failure = try await project.failure(request(project))
        #expect(failure.error.code == .buildToolFailed)
        #expect(failure.error.message == "cc failed with exit status 1")
        #expect(failure.logicalID == "Hello")
        #expect(failure.output.contains("undeclared_bird"))
        #expect(try project.leftovers() == [])
    }

    struct Missing: Sendable {
        var method: BuildMethod
        var file: String
        var tool: String
        var hint: String
    }

    private static let missing: [Missing] = [
        Missing(method: .c, file: "main.c", tool: "'cc'", hint: "apt-get install gcc"),
        Missing(method: .c, file: "CMakeLists.txt", tool: "'cmake'", hint: "apt-get install cmake"),
        Missing(method: .c, file: "Makefile", tool: "'make'", hint: "apt-get install make"),
        Missing(method: .go, file: "main.go", tool: "'go'", hint: "go.dev"),
        Missing(method: .swift, file: "Package.swift", tool: "'swift'", hint: "swift.org"),
        Missing(method: .swift, file: "main.swift", tool: "'swiftc'", hint: "swift.org"),
        Missing(method: .zig, file: "main.zig", tool: "'zig'", hint: "pip install ziglang"),
        Missing(method: .nasm, file: "main.asm", tool: "'nasm'", hint: "apt-get install nasm"),
        Missing(method: .gas, file: "main.S", tool: "'cc'", hint: "apt-get install gcc"),
        Missing(method: .rust, file: "Cargo.toml", tool: "'cargo'", hint: "rustup.rs"),
    ]

    @Test(arguments: missing) func aMissingToolIsNamed(_ test: Missing) async throws {
        let project = try Project()
        try project.write("src/" + test.file, "")
        var request = request(project, test.method)
        if test.method == .nasm { request.architecture = .x86_64 }
        let failure = try await project.failure(request, builder: project.builder(environment: ["PATH": project.path]))
        #expect(failure.error.code == .buildToolMissing)
        #expect(failure.error.message.contains(test.tool), "\(failure.error.message)")
        #expect(failure.error.hint?.contains(test.hint) == true, "\(failure.error)")
    }

    @Test func aMissingCrossCompilerIsNamed() async throws {
        let project = try Project()
        try project.write("src/main.c", Self.main)
        try project.write("bin/cc", "#!/bin/sh\n", mode: 0o755)
        var request = request(project)
        request.architecture = Architecture.host == .arm64 ? .x86_64 : .arm64
        let builder = project.builder(environment: ["PATH": project.path + "/bin"])
        let failure = try await project.failure(request, builder: builder)
        #expect(failure.error.code == .buildToolMissing)
        #expect(failure.error.message.contains("-linux-gnu-gcc' nor zig is installed"))
        #expect(failure.error.hint?.contains("pip install ziglang") == true)
    }

    @Test(
        arguments: [
            (.go, "neither", "no go.mod"), (.swift, "x", "no Package.swift"),
            (.zig, "x", "neither build.zig nor main.zig"),
            (.c, "x", "no CMakeLists.txt"), (.nasm, "x.c", "no file *.asm"), (.gas, "x", "no file *.s"),
            (.rust, "x", "no Cargo.toml"),
        ] as [(BuildMethod, String, String)]
    )
    func sourcesOfAnotherKind(method: BuildMethod, file: String, text: String) async throws {
        let project = try Project()
        try project.write("src/" + file, "")
        let failure = try await project.failure(request(project, method))
        #expect(failure.error.code == .buildInvalid)
        #expect(failure.error.message.contains(text), "\(failure.error.message)")
    }

    @Test(arguments: [BuildMethod.go, .swift, .zig, .c, .nasm, .gas]) func layersAreNotCompiled(_ method: BuildMethod)
        async throws
    {
        let project = try Project()
        try project.write("src/x", "")
        var request = request(project, method)
        request.kind = .layer
        #expect(try await project.failure(request).error.message.contains("is a layer"))
        request.kind = .function
        request.code = .zip(path: "src/x")
        #expect(try await project.failure(request).error.message.contains("needs a directory of sources"))
    }

    @Test(arguments: ["", "-v2", "a b", "x;y"]) func namesOfCPUs(name: String) async throws {
        let project = try Project()
        try project.write("src/main.c", Self.main)
        var request = request(project)
        request.targetCPU = name
        #expect(try await project.failure(request).error.message.contains("--target-cpu takes"))
    }

    @Test(Prerequisite.cc, Prerequisite.make) func aMakefileThatKnowsNothingOfSAM() async throws {
        let project = try Project()
        try project.write("src/main.c", Self.main)
        try project.write("src/Makefile", "hello: main.o\n\t$(CC) $(CFLAGS) -o $@ $^\n")
        try await project.build(request(project))
        #expect(project.lines().contains { $0.contains("-O2") })
        #expect(try project.list(".aws-sam/build/Hello") == ["bootstrap"])
        try project.write("src/Makefile", "all:\n\ttrue\n")
        let failure = try await project.failure(request(project))
        #expect(failure.error.code == .buildEmpty)
        #expect(failure.error.message.contains("has no program, so there is no bootstrap"))
    }

    /// Run as it is, it would copy to the root directory.
    @Test(Prerequisite.make) func aMakefileForSAMWithoutTheTargetIsNotRun() async throws {
        let project = try Project()
        try project.write("src/main.c", Self.main)
        try project.write("src/Makefile", "build-Helo:\n\tcp main.c \"$(ARTIFACTS_DIR)/\"\n")
        let failure = try await project.failure(request(project))
        #expect(failure.error.code == .buildNoTarget)
        #expect(failure.error.hint?.contains("It has build-Helo.") == true)
    }

    /// A script that cannot start is found at the build, and not in Lambda.
    @Test(arguments: [
        ("#!/bin/sh\r\necho\r\n", 0o755, "build.unusable", "windows line ends"),
        ("#!/bin/sh\necho\n", 0o644, "build.unusable", "not executable"),
        ("#!nowhere\n", 0o755, "build.unusable", "nowhere"),
    ])
    func scriptsAreChecked(text: String, mode: Int, code: String, message: String) async throws {
        let project = try Project()
        try project.write("src/bootstrap", text, mode: mode)
        let failure = try await project.failure(request(project))
        #expect(failure.error.code == ApusError.Code(rawValue: code))
        #expect(failure.error.message.lowercased().contains(message), "\(failure.error)")
        #expect(failure.error.hint != nil)
        #expect(!project.exists(".aws-sam/build/Hello"))
    }

    @Test func aScriptIsCopiedWithWhatLiesBeside() async throws {
        let project = try Project()
        try project.write("src/bootstrap", "#!/bin/sh\n. ./lib.sh\n", mode: 0o755)
        try project.write("src/lib.sh", "true\n")
        try await project.build(request(project))
        #expect(try project.list(".aws-sam/build/Hello") == ["bootstrap", "lib.sh"])
        #expect(warnings(project) == [])
        let missing = try await project.failure(request(project, .shell).withCode("src/lib.sh"))
        #expect(missing.error.code == .buildInvalid)
    }

    @Test func shellWithoutABootstrap() async throws {
        let project = try Project()
        try project.write("src/function.sh", "#!/bin/sh\n", mode: 0o755)
        let failure = try await project.failure(request(project, .shell))
        #expect(failure.error.code == .buildEmpty)
        #expect(failure.error.message == "the build made no bootstrap")
    }

    /// What a Makefile makes is the user's affair, as in SAM: he is warned, and warned again while nothing changes.
    @Test(Prerequisite.make) func anArtifactOfAMakefileIsInspected() async throws {
        let project = try Project()
        try project.write("src/Makefile", "build-Hello:\n\techo x > \"$(ARTIFACTS_DIR)/app\"\n")
        for isCached in [false, true] {
            #expect(try await project.build(request(project)).isCached == isCached)
            #expect(warnings(project).contains { $0.contains("bootstrap") })
        }
        // A layer may bring it.
        var layered = request(project)
        layered.hasLayers = true
        #expect(try await !project.build(layered).isCached)
        #expect(warnings(project) == [])
    }

    @Test(Prerequisite.cc, Prerequisite.make) func theWrongArchitectureIsSaid() async throws {
        let project = try Project()
        try project.write("src/main.c", Self.main)
        try project.write("src/Makefile", "build-Hello:\n\tcc -o \"$(ARTIFACTS_DIR)/bootstrap\" main.c\n")
        var request = request(project)
        request.architecture = Architecture.host == .arm64 ? .x86_64 : .arm64
        try await project.build(request)
        let said = warnings(project)
        #expect(said.contains { $0.contains(request.architecture.rawValue) }, "\(said)")
    }
}

extension BuildRequest {
    fileprivate func withCode(_ path: String) -> BuildRequest {
        var request = self
        request.code = .directory(path: path)
        return request
    }
}
