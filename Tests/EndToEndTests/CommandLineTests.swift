import LambdaModel
import Testing

/// The command line's own surface: help, version, usage errors.
@Suite(.serialized) struct CommandLineTests {
    private func apus(_ arguments: [String]) async throws -> ProgramOutcome {
        try await Fixture.with { try await $0.apus(arguments) }
    }

    @Test(arguments: [["--version"], ["rie", "--version"]]) func versionIsANumber(arguments: [String]) async throws {
        let outcome = try await apus(arguments)
        #expect(outcome.status == .exited(0), "\(outcome)")
        let version = outcome.text.split(whereSeparator: \.isWhitespace).last ?? ""
        let numbers = version.prefix { $0 != "-" }.split(separator: ".")
        #expect(numbers.count == 3 && numbers.allSatisfy { Int($0) != nil }, "\(outcome)")
    }

    @Test(
        arguments: [
            (["--help"], ["build", "invoke", "validate"]),
            (["help"], ["build", "invoke", "validate"]),
            (["invoke", "--help"], ["example", "apus invoke", "--event", "--parameter-overrides", "--code"]),
            (["local", "invoke", "--help"], ["example", "--event"]),
            (["build", "--help"], ["apus build", "--template"]),
            (["validate", "--help"], ["--format"]),
            (["package", "--help"], ["--output-template-file", "--output-dir", "apus build && apus package"]),
            (["local", "--help"], ["invoke", "start-lambda", "generate-event"]),
            (["rie", "--help"], ["--runtime-api-address", "--runtime-interface-emulator-address"]),
        ]
    )
    func helpShows(_ arguments: [String], words: [String]) async throws {
        let outcome = try await apus(arguments)
        #expect(outcome.status == .exited(0), "\(outcome)")
        #expect(outcome.standardError.isEmpty, "\(outcome)")
        for word in words {
            #expect(outcome.text.lowercased().contains(word), "`\(word)` is missing: \(outcome)")
        }
    }

    /// What does not work yet is not advertised.
    @Test(arguments: ["start-api", "deploy"]) func helpHides(_ word: String) async throws {
        let outcome = try await apus(["--help"])
        #expect(!outcome.text.contains(word), "\(outcome)")
    }

    @Test(
        arguments: [
            ["--no-such-option"], ["no-such-command"], ["invoke", "--no-such-option"], ["invoke", "-e"],
            ["invoke", "A", "B"], ["build", "--jobs", "many"], ["invoke", "--timeout", "soon", "--code", "x"],
            ["validate", "--format", "xml"], ["rie", "--no-such-option", "x"], ["rie", "x", "--log-level"],
            ["rie", "--log-level", "loud", "x"], ["rie", "x", "y", "--runtime-api-address", "9001"],
        ]
    )
    func wrongUsageIs64(_ arguments: [String]) async throws {
        let outcome = try await apus(arguments)
        #expect(outcome.status == .exited(64), "\(outcome)")
        #expect(outcome.standardOutput.isEmpty, "\(outcome)")
        #expect(outcome.standardError.contains("Usage"), "\(outcome)")
    }

    /// An option that the backend asked for does not have.
    @Test(
        arguments: [
            ["--network", "none"], ["--rootfs", "/"], ["--tmp", "disk"], ["--strict-abi"],
        ]
    )
    func anOptionOfAnotherBackendIsWrongUsage(_ options: [String]) async throws {
        let outcome = try await apus(["invoke", "--backend", "process", "--code", "x", "--handler", "x"] + options)
        #expect(outcome.status == .exited(64), "\(outcome)")
        #expect(outcome.standardError.contains("\(options[0]) needs --backend sandbox"), "\(outcome)")
    }

    @Test(arguments: [["--backend", "prison"], ["--network", "some"], ["--tmp", "tape"]])
    func anUnknownKindOfIsolationIsWrongUsage(_ options: [String]) async throws {
        let outcome = try await apus(["invoke", "--code", "x", "--handler", "x"] + options)
        #expect(outcome.status == .exited(64), "\(outcome)")
        #expect(outcome.standardError.contains(options[1]), "\(outcome)")
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func printsCompletions(shell: String) async throws {
        let outcome = try await apus(["--generate-completion-script", shell])
        #expect(outcome.status == .exited(0), "\(outcome)")
        #expect(outcome.text.contains("invoke"), "\(outcome)")
    }

    // MARK: apus validate

    @Test func validatesAGoodTemplate() async throws {
        try await Fixture.with { fixture in
            try fixture.writeTemplate()
            try fixture.makeDirectory("task")
            let outcome = try await fixture.apus(["validate"])
            #expect(outcome.status == .exited(0), "\(outcome)")
        }
    }

    @Test(arguments: ["text", "json"]) func findsTheErrorsOfATemplate(format: String) async throws {
        try await Fixture.with { fixture in
            try fixture.writeTemplate(more: "Architectures: arm64")
            let outcome = try await fixture.apus(["validate", "-t", "template.yaml", "--format", format])
            #expect(outcome.status == .exited(2), "\(outcome)")
            let text = outcome.text + outcome.standardError
            #expect(text.contains("Architectures"), "\(outcome)")
            #expect(text.contains("[arm64]"), "\(outcome)")
            // `Architectures` stands in line 10.
            #expect(text.contains("10"), "\(outcome)")
            if format == "json" { try JSONSyntax.validate(outcome.standardOutput) }
        }
    }
}
