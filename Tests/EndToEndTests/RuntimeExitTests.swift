import Testing

/// What Lambda says when the runtime's process ends.
@Suite(.serialized, Prerequisite.gcc) struct RuntimeExitTests {
    struct Ending: Sendable, CustomTestStringConvertible {
        var code: String
        var words: String
        var testDescription: String { code }
    }

    static let endings = [
        Ending(code: "_exit(0);", words: "Runtime exited without providing a reason"),
        Ending(code: "_exit(1);", words: "Runtime exited with error: exit status 1"),
        Ending(code: "_exit(255);", words: "Runtime exited with error: exit status 255"),
        Ending(code: "raise(SIGSEGV);", words: "Runtime exited with error: signal: segmentation fault"),
        Ending(code: "*(volatile int *)8 = 1;", words: "Runtime exited with error: signal: segmentation fault"),
        Ending(code: "raise(SIGILL);", words: "Runtime exited with error: signal: illegal instruction"),
        Ending(code: "raise(SIGKILL);", words: "Runtime exited with error: signal: killed"),
        Ending(code: "abort();", words: "Runtime exited with error: signal: aborted"),
        Ending(code: "raise(SIGTERM);", words: "Runtime exited with error: signal: terminated"),
        Ending(code: "raise(SIGPIPE);", words: "Runtime exited with error: signal: broken pipe"),
        Ending(code: "raise(SIGHUP);", words: "Runtime exited with error: signal: hangup"),
    ]

    @Test(arguments: endings) func duringTheInvocation(ending: Ending) async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: "next(); \(ending.code)")
            let outcome = try await fixture.invokeCode(event: "{}")
            try expectExitError(outcome, words: ending.words)
            #expect(outcome.log.initReports.isEmpty, "\(outcome)")
        }
    }

    /// The init is run a second time, inside the invocation, before Lambda gives up.
    @Test(arguments: endings) func duringInit(ending: Ending) async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: "fprintf(stderr, \"hatching\\n\"); \(ending.code)")
            let outcome = try await fixture.invokeCode(event: "{}")
            try expectExitError(outcome, words: ending.words)
            #expect(outcome.log.lines.count { $0 == "hatching" } == 2, "\(outcome)")
            let reports = outcome.log.initReports
            #expect(reports.map { $0["Phase"] } == ["init", "invoke"], "\(outcome)")
            #expect(reports.allSatisfy { $0["Status"] == "error" }, "\(outcome)")
            #expect(reports.allSatisfy { $0["Error Type"] == "Runtime.ExitError" }, "\(outcome)")
        }
    }

    @Test(Prerequisite.curl) func aScriptThatExits() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(
                script: """
                    #!/bin/sh
                    curl -sS "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next"
                    exit 42
                    """
            )
            try expectExitError(
                try await fixture.invokeCode(event: "{}"),
                words: "Runtime exited with error: exit status 42"
            )
        }
    }

    /// An answer that was given counts, even if the runtime dies over its next step.
    @Test func afterTheAnswerItIsTooLateToFail() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: "next(); respond_text(\"\\\"done\\\"\"); return 0;")
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.text == "\"done\"\n", "\(outcome)")
        }
    }

    private func expectExitError(_ outcome: ProgramOutcome, words: String) throws {
        #expect(outcome.status == .exited(1), "\(outcome)")
        let error = try ErrorObject(outcome)
        #expect(error.errorType == "Runtime.ExitError")
        let ids = outcome.log.requestIDs
        let id = try #require(ids.first, "\(outcome)")
        #expect(ids == [id, id, id], "\(outcome)")
        #expect(error.errorMessage == "RequestId: \(id) Error: \(words)")
        #expect(outcome.log.lines.contains("RequestId: \(id) Error: \(words)"), "\(outcome)")
        #expect(outcome.log.report["Status"] == "error", "\(outcome)")
        #expect(outcome.log.report["Error Type"] == "Runtime.ExitError", "\(outcome)")
    }
}
