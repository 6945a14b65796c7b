import Testing

/// Input that Apus cannot work with: exit status 2, a clear message, nothing on standard output, no trap.
@Suite(.serialized) struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String] = [:]
        var arguments = ["invoke"]
        /// Words that the message must hold, in any case of letters: what is wrong, named.
        var words: [String]
    }

    private static func template(
        _ properties: String,
        name: String = "Hello",
        more: String = ""
    ) -> String {
        """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          \(name):
            Type: AWS::Serverless::Function
            Properties: \(properties)
        \(more)
        """
    }

    private static let good = template("{CodeUri: task/, Handler: app, Runtime: provided.al2023}")
    private static let bootstrap = ["task/bootstrap": "#!/bin/sh\n"]

    private static func withTemplate(_ text: String) -> [String: String] {
        bootstrap.merging(["template.yaml": text]) { $1 }
    }

    static let cases = [
        Case(testDescription: "no template", words: ["template"]),
        Case(
            testDescription: "template named but missing",
            arguments: ["invoke", "-t", "no-such.yaml"],
            words: ["no-such.yaml"]
        ),
        Case(
            testDescription: "YAML that does not parse",
            files: ["template.yaml": "Resources:\n  A: [1, 2\n  B: }\n"],
            words: ["template.yaml", "line|:3"]
        ),
        Case(testDescription: "empty template", files: ["template.yaml": ""], words: ["template.yaml"]),
        Case(testDescription: "template is a list", files: ["template.yaml": "- 1\n- 2\n"], words: ["template.yaml"]),
        Case(
            testDescription: "no function in the template",
            files: ["template.yaml": "Resources: {}\n"],
            words: ["function"]
        ),
        Case(
            testDescription: "unknown function",
            files: withTemplate(good),
            arguments: ["invoke", "Goodbye"],
            words: ["Goodbye", "Hello"]
        ),
        Case(
            testDescription: "two functions and no name",
            files: withTemplate(
                template(
                    "{CodeUri: task/, Handler: app, Runtime: provided.al2023}",
                    more: """
                          Other:
                            Type: AWS::Serverless::Function
                            Properties: {CodeUri: task/, Handler: app, Runtime: provided.al2023}
                        """
                )
            ),
            words: ["Hello", "Other"]
        ),
        Case(
            testDescription: "unknown runtime",
            files: withTemplate(template("{CodeUri: task/, Handler: app, Runtime: provided.al2024}")),
            words: ["provided.al2024"]
        ),
        Case(
            testDescription: "managed runtime",
            files: withTemplate(template("{CodeUri: task/, Handler: app, Runtime: python3.13}")),
            words: ["python3.13"]
        ),
        Case(
            testDescription: "missing CodeUri",
            files: withTemplate(template("{CodeUri: no-such-directory/, Handler: app, Runtime: provided.al2023}")),
            words: ["no-such-directory"]
        ),
        Case(
            testDescription: "no CodeUri at all",
            files: withTemplate(template("{Handler: app, Runtime: provided.al2023}")),
            words: ["CodeUri"]
        ),
        Case(
            testDescription: "architectures as a scalar",
            files: withTemplate(
                template("{CodeUri: task/, Handler: app, Runtime: provided.al2023, Architectures: arm64}")
            ),
            words: ["Architectures", "[arm64]", "template.yaml"]
        ),
        Case(
            testDescription: "time-out out of range",
            files: withTemplate(template("{CodeUri: task/, Handler: app, Runtime: provided.al2023, Timeout: 901}")),
            words: ["Timeout", "900"]
        ),
        Case(
            testDescription: "memory is not a number",
            files: withTemplate(template("{CodeUri: task/, Handler: app, Runtime: provided.al2023, MemorySize: big}")),
            words: ["MemorySize"]
        ),
        Case(
            testDescription: "reserved environment key",
            files: withTemplate(
                template(
                    "{CodeUri: task/, Handler: app, Runtime: provided.al2023, Environment: {Variables: {AWS_REGION: x}}}"
                )
            ),
            words: ["AWS_REGION", "reserve"]
        ),
        Case(
            testDescription: "reserved environment key on the command line",
            files: bootstrap,
            arguments: ["invoke", "--code", "task", "--handler", "app", "--env", "_HANDLER=x"],
            words: ["_HANDLER"]
        ),
        Case(
            testDescription: "event is not JSON",
            files: withTemplate(good).merging(["event.json": "{\"a\": }"]) { $1 },
            arguments: ["invoke", "-e", "event.json"],
            words: ["event.json", "JSON"]
        ),
        Case(
            testDescription: "event is empty",
            files: withTemplate(good).merging(["event.json": ""]) { $1 },
            arguments: ["invoke", "-e", "event.json"],
            words: ["event.json", "JSON"]
        ),
        Case(
            testDescription: "event is missing",
            files: withTemplate(good),
            arguments: ["invoke", "-e", "no-such-event.json"],
            words: ["no-such-event.json"]
        ),
        Case(
            testDescription: "event is a directory",
            files: withTemplate(good),
            arguments: ["invoke", "-e", "task"],
            words: ["task", "directory"]
        ),
        Case(
            testDescription: "environment file is not JSON",
            files: withTemplate(good).merging(["env.json": "STAGE=prod"]) { $1 },
            arguments: ["invoke", "-n", "env.json"],
            words: ["env.json"]
        ),
        Case(
            testDescription: "code is missing",
            arguments: ["invoke", "--code", "no-such-code", "--handler", "app"],
            words: ["no-such-code"]
        ),
        Case(
            testDescription: "broken zip",
            files: ["function.zip": "PK\u{3}\u{4}this is no archive"],
            arguments: ["invoke", "--code", "function.zip", "--handler", "app"],
            words: ["function.zip"]
        ),
        Case(
            testDescription: "samconfig.toml does not parse",
            files: withTemplate(good).merging(["samconfig.toml": "[default\nversion = "]) { $1 },
            words: ["samconfig.toml"]
        ),
        Case(
            testDescription: "build of an unknown function",
            files: withTemplate(good),
            arguments: ["build", "Goodbye"],
            words: ["Goodbye", "Hello"]
        ),
        Case(testDescription: "build without a template", arguments: ["build"], words: ["template"]),
        Case(testDescription: "validation without a template", arguments: ["validate"], words: ["template"]),
    ]

    @Test(arguments: cases) func isRefused(_ item: Case) async throws {
        try await Fixture.with { fixture in
            for (name, contents) in item.files {
                try fixture.write(name, contents, mode: name.hasSuffix("bootstrap") ? 0o755 : 0o644)
            }
            expectRefusal(try await fixture.apus(item.arguments), words: item.words)
            #expect(try fixture.temporaryFiles() == [])
        }
    }

    @Test(
        arguments: [
            ("../evil", "evil"), ("a/../../evil", "evil"), ("/tmp/apus-e2e-evil-absolute", "absolute"),
            ("..", ".."), ("a/../../../../../../../../tmp/apus-e2e-evil-deep", "evil"),
        ]
    )
    func zipWithAPathOutOfItself(entry: String, word: String) async throws {
        try await Fixture.with { fixture in
            var zip = ZipBytes()
            zip.add("bootstrap", Array("#!/bin/sh\n".utf8))
            zip.add(entry, Array("evil".utf8))
            try fixture.write("function.zip", zip.bytes)
            expectRefusal(try await fixture.invokeCode("function.zip", event: "{}"), words: ["function.zip", word])
            try expectNothingEscaped(fixture)
        }
    }

    @Test(arguments: ["/etc", "../..", "../outside", "a/../../../outside"])
    func zipWithALinkOutOfItself(target: String) async throws {
        try await Fixture.with { fixture in
            try fixture.makeDirectory("outside")
            var zip = ZipBytes()
            zip.add("bootstrap", Array("#!/bin/sh\n".utf8))
            zip.add("link", Array(target.utf8), kind: .symbolicLink, mode: 0o777)
            zip.add("link/evil", Array("evil".utf8))
            try fixture.write("function.zip", zip.bytes)
            expectRefusal(try await fixture.invokeCode("function.zip", event: "{}"), words: ["function.zip", "link"])
            try expectNothingEscaped(fixture)
        }
    }

    @Test func truncatedZip() async throws {
        try await Fixture.with { fixture in
            var zip = ZipBytes()
            zip.add("bootstrap", [UInt8](repeating: 0x23, count: 10_000))
            try fixture.write("function.zip", Array(zip.bytes.prefix(5_000)))
            expectRefusal(try await fixture.invokeCode("function.zip", event: "{}"), words: ["function.zip"])
            #expect(try fixture.temporaryFiles() == [])
        }
    }

    /// Garbage of several kinds in place of a template: an error, never a trap or a hang.
    @Test(
        arguments: [
            [0x00], [0xFF, 0xFE, 0x00, 0x01], Array("&a [*a]".utf8), Array("a: &a {<<: *a}".utf8),
            Array("Resources: {A: {Type: AWS::Serverless::Function, Properties: 7}}".utf8),
            Array("Resources: {A: {Type: [x], Properties: {}}}".utf8), Array("Resources: 1".utf8),
            Array(("Resources: " + String(repeating: "[", count: 20_000)).utf8),
            Array("Resources: !Foo {A: !Bar [!Baz x]}".utf8), Array("Resources: {A: {Fn::If: [a]}}".utf8),
        ] as [[UInt8]]
    )
    func templateIsGarbage(_ bytes: [UInt8]) async throws {
        try await Fixture.with { fixture in
            try fixture.write("template.yaml", bytes)
            expectRefusal(try await fixture.apus(["invoke"], timeLimit: .seconds(20)), words: [])
        }
    }

    private func expectRefusal(_ outcome: ProgramOutcome, words: [String]) {
        #expect(outcome.status == .exited(2), "\(outcome)")
        #expect(outcome.standardOutput.isEmpty, "\(outcome)")
        let text = outcome.standardError.lowercased()
        #expect(!text.isEmpty)
        for alternatives in words {
            // Case of letters aside; `a|b` means either.
            let found = alternatives.split(separator: "|").contains { text.contains($0.lowercased()) }
            #expect(found, "`\(alternatives)` is missing: \(outcome)")
        }
        for trace in ["fatal error", "stack dump", "backtrace", "crashed", ".swift:", "error domain=", "libsystem"] {
            #expect(!text.contains(trace), "\(outcome)")
        }
    }

    private func expectNothingEscaped(_ fixture: Fixture) throws {
        #expect(try fixture.temporaryFiles() == [])
        #expect(!fixture.exists("evil") && !fixture.exists("../evil") && !fixture.exists("outside/evil"))
        #expect(!Files.exists("/etc/evil"))
        #expect(!Files.exists("/tmp/apus-e2e-evil-absolute") && !Files.exists("/tmp/apus-e2e-evil-deep"))
    }
}
