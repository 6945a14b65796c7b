import Testing

/// SAM's layouts with Makefiles: each is built, runs, and is what `sam build` makes of it.
@Suite(.serialized, Prerequisite.curl, Prerequisite.program("make")) struct SAMLayoutTests {
    /// A project as a table of files; those that begin with `#!` are executable.
    struct Layout: Sendable, CustomTestStringConvertible {
        var name: String
        /// The functions: their logical IDs and properties beside the usual ones.
        var functions: [(id: String, metadata: String, properties: String)]
        /// Resources besides, as YAML.
        var more = ""
        var files: [String: String]
        /// What the functions answer.
        var answers: [String: String]

        var testDescription: String { name }
    }

    private static let bootstrap = """
        #!/bin/sh
        url="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
        while :; do
            id=$(curl -sSf -D - -o /dev/null "$url/next" | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: *//Ip')
            [ -n "$id" ] || exit 1
            curl -sSf -d "\\"$(cat ./name /opt/name 2>/dev/null | tr '\\n' ' ')\\"" "$url/$id/response" >/dev/null || exit 1
        done

        """

    private static let layouts: [Layout] = [
        Layout(
            name: "one Makefile for several functions",
            functions: [("First", "", "CodeUri: src/"), ("Second", "", "CodeUri: src/")],
            files: [
                "src/bootstrap": bootstrap,
                "src/Makefile": """
                build-First build-Second:
                \tcp bootstrap "$(ARTIFACTS_DIR)/"
                \techo $@ > "$(ARTIFACTS_DIR)/name"

                """,
            ],
            answers: ["First": "build-First ", "Second": "build-Second "]
        ),
        Layout(
            name: "WorkingDirectory",
            functions: [("Hello", "WorkingDirectory: src/inner", "CodeUri: src/")],
            files: [
                "src/inner/bootstrap": bootstrap, "src/inner/name": "inner\n",
                "src/Makefile": "build-Hello:\n\tcp bootstrap name \"$(ARTIFACTS_DIR)/\"\n",
            ],
            answers: ["Hello": "inner "]
        ),
        Layout(
            name: "ContextPath",
            functions: [("Hello", "ContextPath: build", "CodeUri: src/")],
            files: [
                "src/bootstrap": bootstrap, "src/name": "context\n",
                "build/Makefile": "build-Hello:\n\tcp bootstrap name \"$(ARTIFACTS_DIR)/\"\n",
            ],
            answers: ["Hello": "context "]
        ),
        Layout(
            name: "a Makefile in the parent project directory",
            functions: [
                ("Hello", "ContextPath: .\nWorkingDirectory: .", "CodeUri: functions/hello"),
                ("Other", "ContextPath: .\nWorkingDirectory: .", "CodeUri: functions/other"),
            ],
            files: [
                "shared/bootstrap": bootstrap, "functions/hello/name": "parent\n", "functions/other/name": "other\n",
                "Makefile": """
                build-Hello:
                \tcp shared/bootstrap functions/hello/name "$(ARTIFACTS_DIR)/"
                build-Other:
                \tcp shared/bootstrap functions/other/name "$(ARTIFACTS_DIR)/"

                """,
            ],
            answers: ["Hello": "parent ", "Other": "other "]
        ),
        Layout(
            name: "a shared layer",
            functions: [
                ("Hello", "", "CodeUri: src/\nLayers: [!Ref Shared]"),
                ("Other", "", "CodeUri: src/\nLayers: [!Ref Shared]"),
            ],
            more: """
                  Shared:
                    Type: AWS::Serverless::LayerVersion
                    Metadata: {BuildMethod: makefile}
                    Properties: {ContentUri: layer/, CompatibleRuntimes: [provided.al2023]}

                """,
            files: [
                "src/bootstrap": bootstrap,
                "src/Makefile": """
                build-%:
                \tcp bootstrap "$(ARTIFACTS_DIR)/"
                \techo $* > "$(ARTIFACTS_DIR)/name"

                """,
                "layer/Makefile": "build-Shared:\n\techo shared > \"$(ARTIFACTS_DIR)/name\"\n",
            ],
            answers: ["Hello": "Hello shared ", "Other": "Other shared "]
        ),
    ]

    private func write(_ layout: Layout, to fixture: Fixture) throws {
        var text = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        for function in layout.functions {
            let metadata = ["BuildMethod: makefile"] + function.metadata.split(separator: "\n").map(String.init)
            let properties =
                ["Handler: bootstrap", "Runtime: provided.al2023", "Timeout: 20"]
                + function.properties.split(separator: "\n").map(String.init)
            text += "  \(function.id):\n    Type: AWS::Serverless::Function\n    Metadata:\n"
            for line in metadata { text += "      \(line)\n" }
            text += "    Properties:\n"
            for line in properties { text += "      \(line)\n" }
        }
        try fixture.write("template.yaml", text + layout.more)
        for (name, contents) in layout.files {
            try fixture.write(name, contents, mode: contents.hasPrefix("#!") ? 0o755 : 0o644)
        }
    }

    /// Names, modes and contents of all artifacts.
    private func artifacts(_ fixture: Fixture) async throws -> String {
        let command =
            "cd .aws-sam/build && find . -mindepth 2 -type f ! -name template.yaml | LC_ALL=C sort"
            + " | while read -r f; do stat -c '%A %n' \"$f\"; cat \"$f\"; done"
        return try await fixture.run("/bin/sh", ["-c", command]).text
    }

    @Test(arguments: layouts) func buildsAndRuns(_ layout: Layout) async throws {
        try await Fixture.with { fixture in
            try write(layout, to: fixture)
            let build = try await fixture.apus(["build"])
            #expect(build.status == .exited(0), "\(build)")
            for (name, answer) in layout.answers {
                let outcome = try await fixture.apus(["invoke", name, "-e", "-"], stdin: Array("{}".utf8))
                #expect(outcome.text == "\"\(answer)\"\n", "\(outcome)")
            }
            let again = try await fixture.apus(["build"])
            #expect(again.standardError.contains("0 built"), "\(again)")
        }
    }

    @Test(Prerequisite.samCLI, arguments: layouts) func isWhatSAMBuilds(_ layout: Layout) async throws {
        try await Fixture.with { theirs in
            let sam = try #require(Prerequisite.sam)
            let environment = ["SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-east-1"]
            try write(layout, to: theirs)
            let build = try await theirs.program(sam, ["build"], environment: environment, timeLimit: .seconds(120))
                .run()
            #expect(build.status == .exited(0), "\(build)")
            let expected = try await artifacts(theirs)
            try await Fixture.with { ours in
                try write(layout, to: ours)
                let build = try await ours.apus(["build"])
                #expect(build.status == .exited(0), "\(build)")
                #expect(try await artifacts(ours) == expected)
                let validation = try await ours.program(
                    sam,
                    ["validate", "--lint", "--region", "us-east-1", "-t", ".aws-sam/build/template.yaml"],
                    environment: environment,
                    timeLimit: .seconds(120)
                ).run()
                #expect(validation.status == .exited(0), "\(validation)")
            }
        }
    }
}
