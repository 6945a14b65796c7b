import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whatever happens, Apus leaves no process and no file behind.
@Suite(.serialized, Prerequisite.gcc, Prerequisite.procFileSystem) struct LeftoverTests {
    /// Starts children that do their best to survive: a new session, an orphan, one that ignores every signal it can, one
    /// without environment and arguments of ours. Then waits for ever, in the invocation.
    private static let clinging = """
        for (int kind = 0; kind < 4; kind++) {
            if (fork()) continue;
            if (kind >= 1) setsid();
            if (kind >= 2 && fork()) _exit(0);
            if (kind >= 2) for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
            if (kind == 3) { char *argv[] = {"sleep", "1000", 0}, *envp[] = {0}; execve("/bin/sleep", argv, envp); }
            for (;;) pause();
        }
        next();
        fprintf(stderr, "clinging\\n");
        """

    private func expectNothingLeft(_ fixture: Fixture) async throws {
        try await eventually("the end of all processes, left: \(fixture.processes())") { fixture.processes().isEmpty }
        try await eventually("an empty TMPDIR") { try fixture.temporaryFiles().isEmpty }
        #expect(!fixture.exists(".aws-sam"))
    }

    /// `--code` as a directory and as a zip: the latter is unpacked somewhere.
    private func withClingingFunction(
        ending: String,
        _ body: (Fixture, _ code: String) async throws -> Void
    ) async throws {
        for code in ["task", "function.zip"] {
            try await Fixture.with { fixture in
                try await fixture.writeFunction(c: Self.clinging + ending)
                let bootstrap = try Files.read(fixture.path("task/bootstrap"))
                try fixture.write("function.zip", ZipBytes.one("bootstrap", bootstrap))
                try await body(fixture, code)
                try await expectNothingLeft(fixture)
            }
        }
    }

    @Test func afterSuccess() async throws {
        try await withClingingFunction(ending: "respond_text(\"1\"); for (;;) next();") { fixture, code in
            let outcome = try await fixture.invokeCode(code, event: "{}")
            #expect(outcome.text == "1\n", "\(outcome)")
        }
    }

    @Test func afterAFailure() async throws {
        try await withClingingFunction(ending: "abort();") { fixture, code in
            let outcome = try await fixture.invokeCode(code, event: "{}")
            #expect(outcome.status == .exited(1), "\(outcome)")
        }
    }

    @Test func afterATimeout() async throws {
        try await withClingingFunction(ending: "for (;;) pause();") { fixture, code in
            let outcome = try await fixture.invokeCode(code, event: "{}", ["--timeout", "1"])
            #expect(try ErrorObject(outcome).errorType == "Sandbox.Timedout")
        }
    }

    @Test(arguments: [(SignalNumber.interrupt, Int32(130)), (.terminate, 143)])
    func afterASignal(signal: SignalNumber, status: Int32) async throws {
        try await withClingingFunction(ending: "for (;;) pause();") { fixture, code in
            let outcome = try await fixture.apus(
                ["invoke", "--code", code, "--handler", "app", "--timeout", "60"]
            ) { running in
                try await running.waitForErrorText("clinging")
                running.signalGroup(signal)
            }
            #expect(outcome.status == .exited(status), "\(outcome)")
            #expect(outcome.standardOutput.isEmpty, "\(outcome)")
        }
    }

    /// Nothing can be caught here: what watches over the processes must notice by itself that Apus is gone.
    @Test func afterSIGKILL() async throws {
        try await withClingingFunction(ending: "for (;;) pause();") { fixture, code in
            let outcome = try await fixture.apus(
                ["invoke", "--code", code, "--handler", "app", "--timeout", "60"]
            ) { running in
                try await running.waitForErrorText("clinging")
                running.signal(.kill)
            }
            #expect(outcome.status == .signaled(SignalNumber.kill.rawValue), "\(outcome)")
        }
    }

    @Test func afterSIGKILLDuringInit() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: "fprintf(stderr, \"hatching\\n\"); for (;;) pause();")
            _ = try await fixture.apus(["invoke", "--code", "task", "--handler", "app"]) { running in
                try await running.waitForErrorText("hatching")
                running.signal(.kill)
            }
            try await expectNothingLeft(fixture)
        }
    }

    /// Nobody reads the response: Apus ends, but it does not crash.
    @Test(Prerequisite.program("bash")) func afterItsOutputWasClosed() async throws {
        try await Fixture.with { fixture in
            let size = 4_000_000
            try await fixture.writeFunction(
                c: """
                    char *bytes = malloc(\(size));
                    memset(bytes, '1', \(size));
                    for (;;) { next(); respond(bytes, \(size)); }
                    """
            )
            let script = #""$0" invoke --code task --handler app --timeout 30 | true; echo "${PIPESTATUS[0]}""#
            let outcome = try await fixture.run(Paths.program("bash") ?? "", ["-c", script, Paths.apus()])
            let status = Int(outcome.text.dropLast())
            // 128 + SIGPIPE, or a failure that Apus saw itself.
            #expect(status == 141 || status == 1 || status == 2, "\(outcome)")
            try await expectNothingLeft(fixture)
        }
    }

    /// A function that fills the pipe of its log faster than anyone reads must not hold the end up.
    @Test func afterAFloodOfOutput() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(
                c: """
                    static char line[1024];
                    memset(line, 'x', sizeof line);
                    line[sizeof line - 1] = '\\n';
                    next();
                    if (fork() == 0) for (;;) write(2, line, sizeof line);
                    usleep(200000);
                    respond_text("1");
                    for (;;) next();
                    """
            )
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.text == "1\n")
            try await expectNothingLeft(fixture)
        }
    }

    /// One after another; `APUS_TEST_INVOCATIONS=200` for the full measure.
    @Test func afterManyInvocations() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction()
            let bootstrap = try Files.read(fixture.path("task/bootstrap"))
            try fixture.write("function.zip", ZipBytes.one("bootstrap", bootstrap))
            let count = ProcessInfo.processInfo.environment["APUS_TEST_INVOCATIONS"].flatMap { Int($0) } ?? 50
            for number in 1...count {
                let outcome = try await fixture.invokeCode(
                    number.isMultiple(of: 2) ? "task" : "function.zip",
                    event: "\(number)"
                )
                #expect(outcome.text == "\(number)\n", "\(outcome)")
                #expect(fixture.processes() == [])
            }
            try await expectNothingLeft(fixture)
            // Nor anything in the home directory but what is known of programs.
            #expect(try Files.names(in: fixture.root + "/home").allSatisfy { $0 == ".cache" })
            let cache = fixture.root + "/home/.cache"
            let kept = Files.exists(cache) ? try Files.names(in: cache) : []
            #expect(kept.allSatisfy { $0 == "apus" })
        }
    }
}
