import LambdaModel
import Testing

/// Options of `apus invoke` that change what the function sees, or what is kept of the invocation.
@Suite(.serialized, Prerequisite.gcc) struct InvokeOptionTests {
    /// Answers with three variables of its environment.
    private static let credentials = """
        for (;;) {
            static char text[4096];
            next();
            const char *token = getenv("AWS_SESSION_TOKEN");
            int used = snprintf(text, sizeof text, "%s %s %s %s", getenv("AWS_ACCESS_KEY_ID"),
                                getenv("AWS_SECRET_ACCESS_KEY"), token ? token : "-", getenv("AWS_REGION"));
            respond(text, (size_t)used);
        }
        """

    private func invoke(profile: String, _ options: [String] = []) async throws -> ProgramOutcome {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: Self.credentials)
            try fixture.write(
                "aws/credentials",
                """
                [default]
                aws_access_key_id = AKIADEFAULT
                aws_secret_access_key = default-secret

                [work]
                aws_access_key_id=AKIAWORK
                # a comment
                aws_secret_access_key = work/secret+with=signs
                aws_session_token = work-token
                """
            )
            try fixture.write(
                "aws/config",
                """
                [profile work]
                region = eu-north-1
                [profile sso]
                sso_start_url = https://example.com/start
                """
            )
            let files = [
                "AWS_SHARED_CREDENTIALS_FILE": fixture.path("aws/credentials"),
                "AWS_CONFIG_FILE": fixture.path("aws/config"),
            ]
            let arguments = ["invoke", "--code", "task", "--handler", "app", "--profile", profile] + options
            return try await fixture.apus(arguments, environment: files)
        }
    }

    @Test func profileGivesItsCredentialsAndRegion() async throws {
        let work = try await invoke(profile: "work")
        #expect(work.text == "AKIAWORK work/secret+with=signs work-token eu-north-1\n", "\(work)")
        let standard = try await invoke(profile: "default", ["--region", "ap-south-1"])
        #expect(standard.text == "AKIADEFAULT default-secret - ap-south-1\n", "\(standard)")
    }

    @Test(arguments: [("nobody", "no AWS profile 'nobody'"), ("sso", "holds no access keys")])
    func profileWithoutKeysIsRefused(profile: String, message: String) async throws {
        let outcome = try await invoke(profile: profile)
        #expect(outcome.status == .exited(2), "\(outcome)")
        #expect(outcome.standardOutput.isEmpty)
        #expect(outcome.standardError.contains(message), "\(outcome)")
    }

    @Test func reportHoldsTheFigures() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction()
            let options = ["invoke", "--code", "task", "--handler", "app", "--report", "report.json"]
            let outcome = try await fixture.apus(options)
            #expect(outcome.status == .exited(0), "\(outcome)")
            let report = try fixture.read("report.json")
            try JSONSyntax.validate(Array(report.utf8))
            for member in [
                "\"outcome\":\"success\"", "\"durationMs\":", "\"billedDurationMs\":", "\"initDurationMs\":",
            ] {
                #expect(report.contains(member), "\(report)")
            }
            let requestID = try #require(outcome.log.requestIDs.first)
            #expect(report.contains(requestID))
        }
    }

    @Test func reportNamesTheError() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: "next(); raise(SIGSEGV);")
            let options = ["invoke", "--code", "task", "--handler", "app", "--report", "report.json"]
            let outcome = try await fixture.apus(options)
            #expect(outcome.status == .exited(1), "\(outcome)")
            let report = try fixture.read("report.json")
            try JSONSyntax.validate(Array(report.utf8))
            #expect(report.contains("\"errorType\":\"Runtime.ExitError\""), "\(report)")
            #expect(report.contains("signal: segmentation fault"), "\(report)")
        }
    }

    /// The bootstrap comes from a layer, and of two layers the later wins.
    @Test(Prerequisite.curl, Prerequisite.program("bash")) func laterLayersWin() async throws {
        try await Fixture.with { fixture in
            let bootstrap = { (word: String) in
                """
                #!/bin/bash
                id=$(curl -sS -D - -o /dev/null "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next" |
                    tr -d '\\r' | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
                curl -sS -o /dev/null -d "\(word) $(tool)" \\
                    "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response"
                """
            }
            try fixture.write("task/README", "no bootstrap here")
            try fixture.write("one/bootstrap", bootstrap("one"), mode: 0o755)
            try fixture.write("two/bootstrap", bootstrap("two"), mode: 0o755)
            try fixture.write("one/bin/tool", "#!/bin/sh\necho tool-one\n", mode: 0o755)
            let layers = ["--layer", "one", "--layer", "two"]
            let outcome = try await fixture.apus(["invoke", "--code", "task", "--handler", "app"] + layers)
            #expect(outcome.text == "two tool-one\n", "\(outcome)")
        }
    }

    @Test func warnsOfAnArchitectureThatDoesNotFit() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction()
            let other: Architecture = Architecture.host == .x86_64 ? .arm64 : .x86_64
            let options = ["--handler", "app", "--architecture", other.rawValue]
            let outcome = try await fixture.apus(["invoke", "--code", "task"] + options)
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(outcome.standardError.contains("configured for \(other.rawValue)"), "\(outcome)")
        }
    }
}
