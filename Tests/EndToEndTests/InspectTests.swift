import LambdaModel
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `apus inspect`, and the warnings that `apus build` and `apus invoke` take from the same analysis.
@Suite(
    .serialized,
    Prerequisite.gcc,
    .enabled(
        if: Architecture.host == .x86_64,
        "the programs under inspection are built for x86_64 by this machine's gcc"
    )
)
struct InspectTests {
    /// A loop that gcc turns into vector instructions of the CPU that it is told.
    private static let source = CBootstrap.source(
        main: """
            for (;;) {
                static unsigned numbers[4096], sum;
                static char text[32];
                next();
                for (unsigned i = 0; i < 4096; i++) numbers[i] = i * (unsigned)event_length;
                for (unsigned i = 0; i < 4096; i++) sum += numbers[i] * 31u;
                snprintf(text, sizeof text, "%u", sum);
                respond_text(text);
            }
            """
    )

    private func compile(_ fixture: Fixture, _ options: [String], into directory: String = "task") async throws {
        let gcc = try #require(Paths.program("gcc"))
        try fixture.write(directory + ".c", Self.source)
        try fixture.makeDirectory(directory)
        let files = [fixture.path(directory + ".c"), "-o", fixture.path(directory + "/bootstrap")]
        let outcome = try await fixture.run(gcc, ["-w", "-O3"] + options + files)
        try #require(outcome.status == .exited(0), "\(outcome)")
    }

    private func avx2(_ fixture: Fixture) async throws { try await compile(fixture, ["-march=haswell"]) }

    private func avx512(_ fixture: Fixture) async throws {
        try await compile(fixture, ["-march=skylake-avx512", "-mprefer-vector-width=512"])
    }

    // MARK: Verdicts

    @Test func theVerdictFollowsTheCPU() async throws {
        try await Fixture.with { fixture in
            try await avx2(fixture)
            let expected: [(options: [String], status: Int32, text: String)] = [
                ([], 0, "task: nothing found against it on lambda-x86_64"),
                (["--cpu", "lambda-x86_64"], 0, "nothing found against it on lambda-x86_64"),
                (["--cpu", "rosetta2"], 1, "task: will fail on rosetta2"),
                (["--cpu", "qemu:Nehalem"], 1, "will fail on qemu:Nehalem"),
                (["--cpu", "x86-64-v3", "--cpu", "x86-64-v2"], 1, "will fail on x86-64-v2"),
                (["--cpu", "lambda-arm64"], 1, "it is for x86_64, and lambda-arm64 is a CPU of arm64"),
            ]
            for (options, status, text) in expected {
                let outcome = try await fixture.apus(["inspect", "task"] + options)
                #expect(outcome.status == .exited(status), "\(options): \(outcome)")
                #expect(outcome.text.contains(text), "\(options): \(outcome)")
                #expect(outcome.standardError.isEmpty, "\(outcome)")
            }
        }
    }

    @Test func aFailureIsExplained() async throws {
        try await Fixture.with { fixture in
            try await avx2(fixture)
            let text = try await fixture.apus(["inspect", "task/bootstrap", "--cpu", "rosetta2"]).text
            for part in [
                "needs AVX2", "main+0x", "the program never asks", "-march=x86-64-v2", "Architectures: [arm64]",
            ] {
                #expect(text.contains(part), "\(part) is missing: \(text)")
            }
        }
    }

    @Test func theBaselineRunsEverywhere() async throws {
        try await Fixture.with { fixture in
            try await compile(fixture, ["-march=x86-64"])
            let names = CPUProfile.named.filter { $0.architecture == .x86_64 }.flatMap { ["--cpu", $0.name] }
            let outcome = try await fixture.apus(["inspect", "task", "--cpu", "host"] + names)
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(!outcome.text.contains("fail"), "\(outcome)")
        }
    }

    @Test func jsonTellsTheSame() async throws {
        try await Fixture.with { fixture in
            try await avx2(fixture)
            let outcome = try await fixture.apus(["inspect", "task", "--cpu", "rosetta2", "--format", "json"])
            #expect(outcome.status == .exited(1), "\(outcome)")
            try JSONSyntax.validate(outcome.standardOutput)
            for member in [
                "\"schemaVersion\":1", "\"status\":1", "\"name\":\"rosetta2\"", "\"verdict\":\"will\"", "\"avx2\"",
                "\"path\":\"/var/task/bootstrap\"", "\"willStart\":true",
            ] {
                #expect(outcome.text.contains(member), "\(member): \(outcome)")
            }
        }
    }

    // MARK: What is inspected

    @Test(Prerequisite.program("zip")) func archivesAreLookedInto() async throws {
        try await Fixture.with { fixture in
            try await avx2(fixture)
            let zip = try #require(Paths.program("zip"))
            let packed = try await fixture.run(
                zip,
                ["-q", "-j", fixture.path("function.zip"), fixture.path("task/bootstrap")]
            )
            try #require(packed.status == .exited(0), "\(packed)")
            let outcome = try await fixture.apus(["inspect", "function.zip", "--cpu", "rosetta2"])
            #expect(outcome.status == .exited(1), "\(outcome)")
            #expect(outcome.text.contains("function.zip: will fail on rosetta2"), "\(outcome)")
            #expect(try fixture.temporaryFiles().isEmpty)
        }
    }

    @Test func functionsOfATemplateAreFoundByName() async throws {
        try await Fixture.with { fixture in
            try await avx512(fixture)
            try fixture.writeTemplate(["Hello"])
            for arguments in [["inspect"], ["inspect", "Hello"], ["inspect", "-t", "template.yaml", "Hello"]] {
                let outcome = try await fixture.apus(arguments)
                #expect(outcome.status == .exited(1), "\(outcome)")
                #expect(outcome.text.hasPrefix("Hello: will fail on lambda-x86_64\n"), "\(outcome)")
            }
            let unknown = try await fixture.apus(["inspect", "Helo"])
            #expect(unknown.status == .exited(2))
            #expect(unknown.standardError.contains("did you mean Hello?"), "\(unknown)")
        }
    }

    @Test func layersBelongToTheFunction() async throws {
        try await Fixture.with { fixture in
            try await avx2(fixture)
            try fixture.write("empty/README", "no bootstrap here")
            let alone = try await fixture.apus(["inspect", "empty/"])
            #expect(alone.status == .exited(1), "\(alone)")
            #expect(alone.text.contains("will not start on Lambda"), "\(alone)")
            let layered = try await fixture.apus(["inspect", "empty/", "--layer", "task", "--cpu", "rosetta2"])
            #expect(layered.status == .exited(1), "\(layered)")
            #expect(layered.text.contains("will fail on rosetta2"), "\(layered)")
            #expect(layered.text.contains("/opt/bootstrap"), "\(layered)")
        }
    }

    @Test func anotherArchitectureWillNotStart() async throws {
        try await Fixture.with { fixture in
            try await avx2(fixture)
            let outcome = try await fixture.apus(["inspect", "task", "--architecture", "arm64"])
            #expect(outcome.status == .exited(1), "\(outcome)")
            #expect(outcome.text.contains("is built for x86_64"), "\(outcome)")
        }
    }

    // MARK: Errors

    @Test(
        arguments: [
            (["nowhere/file"], Int32(2), "No such file"), (["nowhere"], 2, "nowhere"), (["/dev/null"], 2, "neither"),
            (["task", "--cpu", "pentium"], 64, "rosetta2"),
            (["task", "--architecture", "mips"], 64, "x86_64 or arm64"),
            (["task", "--format", "xml"], 64, "xml"), (["task", "--runtime", "perl"], 2, "provided.al2023"),
        ]
    )
    func wrongArgumentsAreNamed(_ arguments: [String], status: Int32, message: String) async throws {
        try await Fixture.with { fixture in
            try fixture.makeDirectory("task")
            let outcome = try await fixture.apus(["inspect"] + arguments)
            #expect(outcome.status == .exited(status), "\(outcome)")
            #expect(outcome.standardOutput.isEmpty, "\(outcome)")
            #expect(outcome.standardError.contains(message), "\(outcome)")
        }
    }

    // MARK: The cache

    @Test func whatWasFoundOutIsKept() async throws {
        try await Fixture.with { fixture in
            try await avx2(fixture)
            let cache = fixture.path("cache") + "/apus/inspection"
            let environment = ["XDG_CACHE_HOME": fixture.path("cache")]
            let fresh = try await fixture.apus(["inspect", "task", "--no-cached"], environment: environment)
            #expect(fresh.status == .exited(0), "\(fresh)")
            #expect(!fixture.exists(cache))
            let first = try await fixture.apus(["inspect", "task"], environment: environment)
            let entries = try Files.names(in: cache)
            #expect(entries.contains { $0.hasPrefix("content-") })
            let second = try await fixture.apus(["inspect", "task"], environment: environment)
            #expect(first.text == fresh.text && second.text == fresh.text)
            // Damage is noticed, and changes no answer.
            for entry in entries { try fixture.write(cache + "/" + entry, "architecture\tx86_64\n") }
            let third = try await fixture.apus(["inspect", "task"], environment: environment)
            #expect(third.text == fresh.text)
        }
    }

    // MARK: Warnings of other commands

    @Test func buildWarnsOfWhatWillFailOnLambda() async throws {
        try await Fixture.with { fixture in
            try await avx512(fixture)
            try fixture.writeTemplate(["Hello"])
            let outcome = try await fixture.apus(["build"])
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(outcome.standardError.contains("warning: Hello will fail on lambda-x86_64: "), "\(outcome)")
            try await avx2(fixture)
            let better = try await fixture.apus(["build"])
            #expect(better.status == .exited(0), "\(better)")
            #expect(!better.standardError.contains("will fail"), "\(better)")
        }
    }

    /// On whatever CPU this machine has, the warning is there; whether the function runs is another question.
    @Test func invokeWarnsOfWhatWillFailOnLambda() async throws {
        try await Fixture.with { fixture in
            try await avx512(fixture)
            let outcome = try await fixture.invokeCode(event: "{}")
            guard outcome.status == .exited(0) else {
                #expect(outcome.standardError.contains("AVX-512"), "\(outcome)")
                return
            }
            #expect(outcome.standardError.contains("warning: task will fail on lambda-x86_64: "), "\(outcome)")
        }
    }

    @Test func invokeIsSilentAboutWhatRuns() async throws {
        try await Fixture.with { fixture in
            try await compile(fixture, ["-march=x86-64"])
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(!outcome.standardError.contains("warning"), "\(outcome)")
        }
    }
}
