import Testing

/// `apus generate-event`.
@Suite(.serialized) struct GenerateEventTests {
    /// All of it: names, options, defaults, structure, and where the values go.
    @Test(Prerequisite.samCLI) func isWhatSAMGenerates() async throws {
        try await Fixture.with { fixture in
            let outcome = try await fixture.program(
                Prerequisite.venvPython ?? "",
                [Paths.repository + "/Tests/SampleContract/compare.py", try Paths.apus()],
                environment: ["PYTHONDONTWRITEBYTECODE": "1"],
                timeLimit: .seconds(300)
            ).run()
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(outcome.text == "26 services, 68 events: the same as SAM's\n", "\(outcome)")
        }
    }

    @Test(Prerequisite.gcc, arguments: [["generate-event"], ["local", "generate-event"]])
    func anEventInvokesAFunction(_ command: [String]) async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction()
            let event = try await fixture.apus(command + ["s3", "put", "--bucket", "nests", "--key", "a b"])
            #expect(event.status == .exited(0), "\(event)")
            #expect(event.standardError.isEmpty, "\(event)")
            #expect(event.text.hasPrefix("{\n  \"Records\": [\n") && event.text.hasSuffix("  ]\n}\n"), "\(event)")
            #expect(event.text.contains(#""arn": "arn:aws:s3:::nests""#), "\(event)")
            #expect(event.text.contains(#""key": "a%20b""#), "\(event)")
            let outcome = try await fixture.invokeCode(event: event.standardOutput)
            #expect(outcome.text == event.text + "\n", "\(outcome)")
        }
    }

    @Test func samconfigGivesValues() async throws {
        try await Fixture.with { fixture in
            try fixture.write(
                "samconfig.toml",
                """
                version = 0.1
                [default.local_generate_event_apigateway_authorizer.parameters]
                account_id = "111122223333"
                restapiid = "nests"
                [ci.local_generate_event_apigateway_authorizer.parameters]
                stage = "ci"
                """
            )
            let command = ["generate-event", "apigateway", "authorizer"]
            let plain = try await fixture.apus(command + ["--method", "PUT"])
            #expect(plain.text.contains("us-east-1:111122223333:nests/prod/PUT/{proxy+}"), "\(plain)")
            let other = try await fixture.apus(command + ["--config-env", "ci"])
            #expect(other.text.contains("us-east-1:123456789012:example/ci/POST/{proxy+}"), "\(other)")
        }
    }

    @Test(
        arguments: [
            (["s4", "put"], "did you mean s3?"), (["s3", "putt"], "did you mean put?"), (["s3"], "batch-invocation"),
            ([], "name a service"), (["s3", "put", "--buckt", "b"], "did you mean --bucket?"),
        ] as [([String], String)]
    )
    func wrongUsageIs64(_ words: [String], _ message: String) async throws {
        try await Fixture.with { fixture in
            let outcome = try await fixture.apus(["generate-event"] + words)
            #expect(outcome.status == .exited(64), "\(outcome)")
            #expect(outcome.standardOutput.isEmpty, "\(outcome)")
            #expect(outcome.standardError.contains(message), "\(outcome)")
        }
    }

    @Test(
        arguments: [
            (["--help"], ["workmail", "receive-message", "apus generate-event s3 put"]),
            (["s3", "--help"], ["batch-invocation", "an object was deleted"]),
            (["s3", "put", "--help"], ["--bucket <value>", "(default: example-bucket)"]),
        ]
    )
    func help(_ words: [String], _ parts: [String]) async throws {
        try await Fixture.with { fixture in
            let outcome = try await fixture.apus(["generate-event"] + words)
            #expect(outcome.status == .exited(0), "\(outcome)")
            for part in parts { #expect(outcome.text.contains(part), "\(outcome)") }
        }
    }

    /// What CloudWatch Logs sends unpacks to lines of a log.
    @Test(Prerequisite.python) func logsUnpack() async throws {
        try await Fixture.with { fixture in
            let event = try await fixture.apus(["generate-event", "cloudwatch", "logs"])
            let outcome = try await fixture.program(
                Paths.program("python3") ?? "",
                [
                    "-c",
                    """
                    import base64, gzip, json, sys
                    data = json.loads(gzip.decompress(base64.b64decode(json.load(sys.stdin)["awslogs"]["data"])))
                    print(data["messageType"], len(data["logEvents"]))
                    """,
                ],
                stdin: event.standardOutput
            ).run()
            #expect(outcome.text == "DATA_MESSAGE 2\n", "\(outcome)")
        }
    }
}
