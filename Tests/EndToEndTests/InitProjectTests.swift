import LambdaModel
import ProjectTemplates
import Testing

/// `apus init`, `apus build`, `apus invoke`: for each language the answer that the project's README promises.
@Suite(.serialized) struct InitProjectTests {
    /// A directory with nothing special, and one with a blank and letters beyond ASCII.
    static let places = [".", "für später/naïve 巣"]

    @Test(Prerequisite.program("nasm"), Prerequisite.program("ld"), Prerequisite.x86Machine, arguments: places)
    func assembly(_ place: String) async throws { try await check(.assembly, place) }

    @Test(Prerequisite.program("cc"), arguments: places)
    func c(_ place: String) async throws { try await check(.c, place) }

    @Test(Prerequisite.program("c++"), arguments: places)
    func cPlusPlus(_ place: String) async throws { try await check(.cpp, place) }

    @Test(Prerequisite.program("cc"), arguments: places)
    func gas(_ place: String) async throws { try await check(.gas, place) }

    /// The other half of that template, on any machine.
    @Test(
        Prerequisite.x86Machine,
        Prerequisite.program("aarch64-linux-gnu-gcc"),
        Prerequisite.program("qemu-aarch64")
    )
    func gasForARM64() async throws { try await check(.gas, Self.places[1], .arm64, emulator: "qemu-aarch64") }

    @Test(Prerequisite.program("go"), arguments: places)
    func go(_ place: String) async throws { try await check(.go, place) }

    @Test(Prerequisite.program("cargo"), arguments: places)
    func rust(_ place: String) async throws { try await check(.rust, place) }

    @Test(Prerequisite.curl, arguments: places)
    func shell(_ place: String) async throws { try await check(.shell, place) }

    @Test(Prerequisite.program("swift"), arguments: places)
    func swift(_ place: String) async throws { try await check(.swift, place) }

    /// Once: Zig compiles its HTTP client for half a minute.
    @Test(Prerequisite.zig) func zig() async throws { try await check(.zig, Self.places[1]) }

    private func check(
        _ language: ProjectLanguage,
        _ place: String,
        _ architecture: Architecture = .host,
        emulator: String? = nil
    ) async throws {
        try await Fixture.with { fixture in
            let made = try await fixture.apus([
                "init", "nest", "--language", language.rawValue, "-o", place, "-a", architecture.rawValue,
            ])
            #expect(made.status == .exited(0), "\(made)")
            #expect(made.standardOutput.isEmpty, "\(made)")
            let project = fixture.path(place + "/nest")

            // The commands that the README shows, in the project's directory.
            let readme = try fixture.read(project + "/README.md")
            #expect(readme.contains("\n    apus build\n    apus invoke -e events/event.json\n"))
            let before = try sources(in: project)
            let build = try await run(["build"], in: project, fixture)
            #expect(build.status == .exited(0), "\(build)")
            // Swift's own libraries ask for the glibc that they were built on.
            if language != .swift { #expect(!build.standardError.contains("warning"), "\(build)") }
            #expect(try sources(in: project) == before)
            let outcome = try await run(["invoke", "-e", "events/event.json"], in: project, fixture)
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(outcome.text == (try promisedAnswer(readme)) + "\n", "\(outcome)")

            try await checkClient(emulator, project + "/.aws-sam/build/HelloFunction/bootstrap", fixture)

            let again = try await run(["build"], in: project, fixture)
            #expect(again.standardError.contains("HelloFunction: unchanged"), "\(again)")
            #expect(try fixture.temporaryFiles() == [])
        }
    }

    /// Against a server that is not Apus: chunks, large events, connections that end, a refused answer.
    private func checkClient(_ emulator: String?, _ bootstrap: String, _ fixture: Fixture) async throws {
        guard let python = Paths.program("python3") else { return }
        let script = Paths.repository + "/Tests/RuntimeClients/check.py"
        let outcome = try await fixture.program(python, [script] + (emulator.map { [$0] } ?? []) + [bootstrap]).run()
        #expect(outcome.text == "10 events: each as it should be\n", "\(outcome)")
        #expect(outcome.status == .exited(0), "\(outcome)")
    }

    private func promisedAnswer(_ readme: String) throws -> String {
        let lines = readme.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(of: "On standard output:"), lines[start + 2].hasPrefix("    ") else {
            throw HarnessError("the README promises no answer: \(readme)")
        }
        return String(lines[start + 2].dropFirst(4))
    }

    /// All of the project but what git ignores.
    private func sources(in project: String) throws -> [String] {
        try Files.names(in: project).filter { $0 != ".aws-sam" }
    }

    private func run(_ command: [String], in directory: String, _ fixture: Fixture) async throws -> ProgramOutcome {
        try await fixture.program(
            "/bin/sh",
            ["-c", #"cd "$0" && exec "$@""#, directory, try Paths.apus()] + command,
            environment: LanguageFixture.tools,
            timeLimit: .seconds(300)
        ).run()
    }
}
