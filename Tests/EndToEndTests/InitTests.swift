import LambdaModel
import ProjectTemplates
import Testing

/// `apus init`: its options, what it refuses, what it leaves behind.
@Suite(.serialized) struct InitTests {
    @Test func makesAProject() async throws {
        try await Fixture.with { fixture in
            let outcome = try await fixture.apus(["init", "nest", "--language", "C++"])
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(
                outcome.standardError == """
                    made nest: cpp, \(Architecture.host.rawValue)
                      cd nest && apus build && apus invoke -e events/event.json

                    """,
                "\(outcome)"
            )
            #expect(try Files.names(in: fixture.path(".")) == ["nest"])
            let names = [".gitignore", "README.md", "events", "src", "template.yaml"]
            #expect(try Files.names(in: fixture.path("nest")) == names)
        }
    }

    /// The options of `sam init` that say something here.
    @Test func samOptions() async throws {
        try await Fixture.with { fixture in
            let outcome = try await fixture.apus([
                "init", "-n", "nest", "-o", "out dir/projects", "-r", "provided.al2", "-a", "arm64", "--no-interactive",
                "--app-template", "hello-world", "--package-type", "Zip", "--language", "shell",
            ])
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(!outcome.standardError.contains("warning"), "\(outcome)")
            #expect(outcome.standardError.contains("  cd 'out dir/projects/nest' && apus build"), "\(outcome)")
            let template = try fixture.read("out dir/projects/nest/template.yaml")
            #expect(template.contains("Runtime: provided.al2\n") && template.contains("[arm64]"), "\(template)")
        }
    }

    @Test func unusedOptionsAreNamedOnce() async throws {
        try await Fixture.with { fixture in
            let outcome = try await fixture.apus([
                "init", "--language", "c", "--app-template", "quick-start", "-d", "cargo", "--tracing", "--no-input",
                "--no-tracing",
            ])
            #expect(outcome.status == .exited(0), "\(outcome)")
            let warning = "warning: without effect here: --app-template, --tracing, --dependency-manager\n"
            #expect(outcome.standardError.contains(warning), "\(outcome)")
            #expect(fixture.exists("hello-c/template.yaml"))
        }
    }

    @Test(
        arguments: [
            ([], "name a language: --language assembly, c, cpp"), (["nest"], "name a language"),
            (["nest", "--no-interactive"], "name a language"),
            (["--language", "rst"], "there is no template for 'rst'; did you mean rust?"),
            (["a/b", "--language", "c"], "--output-dir"), (["..", "--language", "c"], "not a name"),
            (["", "--language", "c"], "name is empty"), (["a", "-n", "b", "--language", "c"], "two names"),
            (["--language", "c", "--library"], "no usual Lambda library for c"),
            (["--language", "nasm", "--architecture", "arm64"], "is for x86_64"),
            (["--language", "c", "--architecture", "armv7"], "armv7"),
            (["--language", "go", "--runtime", "go1.x"], "provided.al2023"),
            (["--location", "gh:a/b"], "fetches none"), (["--language", "c", "--package-type", "Image"], "Image"),
        ] as [([String], String)]
    )
    func wrongUsageIs64(_ words: [String], _ message: String) async throws {
        try await Fixture.with { fixture in
            let outcome = try await fixture.apus(["init"] + words)
            #expect(outcome.status == .exited(64), "\(outcome)")
            #expect(outcome.standardOutput.isEmpty, "\(outcome)")
            #expect(outcome.standardError.contains(message), "\(outcome)")
            #expect(try Files.names(in: fixture.path(".")) == [])
        }
    }

    @Test func anEmptyDirectoryIsTaken() async throws {
        try await Fixture.with { fixture in
            try fixture.makeDirectory("nest")
            let outcome = try await fixture.apus(["init", "nest", "--language", "c"])
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(fixture.exists("nest/src/handler.c"))
        }
    }

    @Test func nothingIsOverwritten() async throws {
        try await Fixture.with { fixture in
            try fixture.write("full/.keep", "mine")
            try fixture.write("file", "mine")
            try fixture.makeDirectory("empty")
            try fixture.makeLink("link", to: "empty")
            try fixture.makeLink("broken", to: "nowhere")
            for name in ["full", "file", "link", "broken"] {
                let outcome = try await fixture.apus(["init", name, "--language", "c"])
                #expect(outcome.status == .exited(2), "\(outcome)")
                #expect(outcome.standardError.contains("'\(name)' is there already"), "\(outcome)")
            }
            #expect(try Files.names(in: fixture.path(".")) == ["broken", "empty", "file", "full", "link"])
            #expect(try Files.names(in: fixture.path("empty")) == [])
            #expect(try fixture.read("full/.keep") == "mine")
        }
    }

    /// No space: the first file that does not fit ends it, and nothing stays, the directory above included.
    @Test(
        Prerequisite.program("sh"),
        .disabled(if: Paths.isSanitized, "a sanitizer needs files larger than the limit of this test")
    )
    func aFailureLeavesNothing() async throws {
        try await Fixture.with { fixture in
            // In blocks of 512 bytes: no file larger than 1 KiB can be written; SIGXFSZ must not end the program.
            let outcome = try await fixture.program(
                "/bin/sh",
                [
                    "-c", #"trap "" XFSZ; ulimit -f 2; exec "$@""#, "sh", try Paths.apus(), "init", "nest", "-o", "a/b",
                    "--language", "c",
                ]
            ).run()
            #expect(outcome.status == .exited(2), "\(outcome)")
            #expect(outcome.standardError.contains("cannot write"), "\(outcome)")
            #expect(try Files.names(in: fixture.path(".")) == [])
        }
    }

    @Test func aPlaceThatCannotBe() async throws {
        try await Fixture.with { fixture in
            try fixture.write("file", "mine")
            let outcome = try await fixture.apus(["init", "nest", "--language", "c", "-o", "file/below"])
            #expect(outcome.status == .exited(2), "\(outcome)")
            #expect(outcome.standardError.contains("cannot make the directory 'file/below'"), "\(outcome)")
        }
    }

    /// On a terminal a missing language is asked for.
    @Test(
        Prerequisite.python,
        arguments: [
            ("0\n99\nrust\n", "Cargo.toml"), ("1\n", "src/handler.asm"), ("x\ny\nz\n", nil),
        ] as [(String, String?)]
    )
    func question(_ answers: String, _ file: String?) async throws {
        try await Fixture.with { fixture in
            let outcome = try await fixture.program(
                Paths.program("python3") ?? "",
                [
                    "-c",
                    """
                    import os, pty, sys
                    child, terminal = pty.fork()
                    if child == 0:
                        os.execv(sys.argv[1], sys.argv[1:])
                    os.write(terminal, sys.stdin.buffer.read())
                    try:
                        while data := os.read(terminal, 4096):
                            sys.stdout.buffer.write(data)
                    except OSError:
                        pass
                    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
                    """,
                    try Paths.apus(), "init", "nest",
                ],
                stdin: Array(answers.utf8)
            ).run()
            #expect(outcome.status == .exited(file == nil ? 64 : 0), "\(outcome)")
            #expect(outcome.text.contains("Language: "), "\(outcome)")
            #expect(fixture.exists("nest") == (file != nil))
            if let file { #expect(fixture.exists("nest/" + file)) }
        }
    }

    /// Every template, in each form and for each architecture.
    @Test func templatesAreValid() async throws {
        try await Fixture.with { fixture in
            for (name, options) in Self.everyForm {
                let made = try await fixture.apus(["init", name] + options)
                #expect(made.status == .exited(0), "\(made)")
                let outcome = try await fixture.apus(["validate", "-t", name + "/template.yaml"])
                #expect(outcome.status == .exited(0), "\(outcome)")
                #expect(!(outcome.text + outcome.standardError).contains("warning"), "\(outcome)")
            }
        }
    }

    /// The two forms of a language have one template.
    @Test(Prerequisite.samCLI, arguments: ProjectLanguage.allCases)
    func samAcceptsTheTemplate(_ language: ProjectLanguage) async throws {
        try await Fixture.with { fixture in
            _ = try await fixture.apus(["init", "nest", "--language", language.rawValue])
            let outcome = try await fixture.run(
                Prerequisite.sam ?? "",
                ["validate", "--lint", "--region", "us-east-1", "-t", fixture.path("nest/template.yaml")]
            )
            #expect(outcome.status == .exited(0), "\(outcome)")
        }
    }

    private static let everyForm: [(String, [String])] = ProjectLanguage.allCases.flatMap { language in
        language.architectures.flatMap { architecture in
            (language.library == nil ? ["--no-library"] : ["--library", "--no-library"]).map { form in
                (
                    language.rawValue + form + "-" + architecture.rawValue,
                    ["--language", language.rawValue, form, "--architecture", architecture.rawValue]
                )
            }
        }
    }
}
