import LambdaModel
import Testing

/// `apus rie`: what images and their tests expect of the emulator that AWS ships.
@Suite(.serialized, Prerequisite.curl, Prerequisite.gcc) struct EmulatorTests {
    private func withEmulator(
        of command: String = "task/bootstrap",
        c main: String? = nil,
        more: [String] = [],
        environment: [String: String] = [:],
        _ body: @escaping @Sendable (RunningEmulator) async throws -> Void
    ) async throws {
        try await Fixture.with { fixture in
            if let main { try await fixture.writeFunction(c: main) }
            try await RunningEmulator.with(
                [command, "app.handler"],
                in: fixture,
                more: more,
                environment: environment,
                body
            )
        }
    }

    @Test func answersWithTheResponse() async throws {
        try await withEmulator(c: "for (;;) { next(); respond(event, event_length); }") { emulator in
            for event in ["{\"bird\":\"雨燕\"}", "7", "not JSON", ""] {
                try await emulator.expect(event, status: 200, body: event)
            }
        }
    }

    @Test(arguments: [("function", 200), ("test_function", 200), ("other", 404)])
    func knowsOneFunction(name: String, status: Int) async throws {
        try await withEmulator(c: "for (;;) { next(); respond_text(\"1\"); }") { emulator in
            let answer = try await emulator.invoke("{}", path: "/2015-03-31/functions/\(name)/invocations")
            #expect(answer.status == status)
        }
    }

    @Test func passesAnErrorOnVerbatim() async throws {
        let body = #"{"errorType":"Bird.NotFound","errorMessage":"none"}"#
        try await withEmulator(
            c: "for (;;) { next(); respond_error(\"Function.Bird\", \(JSONText.quoted(body))); }"
        ) { emulator in
            try await emulator.expect("{}", status: 200, body: body)
        }
    }

    @Test func aTimeoutIsPlainText() async throws {
        try await withEmulator(
            c: "for (;;) { next(); if (event[0] == '1') respond_text(\"1\"); else for (;;) pause(); }",
            environment: ["AWS_LAMBDA_FUNCTION_TIMEOUT": "1"]
        ) { emulator in
            try await emulator.expect("{}", status: 200, body: "Task timed out after 1.00 seconds")
            // A new environment takes the place of the old one.
            try await emulator.expect("1", status: 200, body: "1")
        }
    }

    @Test func anExitIs502() async throws {
        try await withEmulator(
            c: "for (;;) { next(); if (event[0] == '1') respond_text(\"1\"); else _exit(5); }"
        ) { emulator in
            let answer = try await emulator.invoke("{}")
            #expect(answer.status == 502)
            let error = try ErrorObject(json: answer.body)
            #expect(error.errorType == "Runtime.ExitError")
            #expect(error.errorMessage.hasSuffix(" Error: Runtime exited with error: exit status 5"), "\(error)")
            try await emulator.expect("1", status: 200, body: "1")
        }
    }

    @Test func anExitDuringInitIs502() async throws {
        try await withEmulator(c: "_exit(6);") { emulator in
            let answer = try await emulator.invoke("{}")
            #expect(answer.status == 502)
            #expect(try ErrorObject(json: answer.body).errorType == "Runtime.ExitError")
        }
    }

    @Test func anInitErrorIs502WithItsBody() async throws {
        let body = #"{"errorType":"My.Error","errorMessage":"x"}"#
        try await withEmulator(
            c: "init_error(\"Function.NoConfig\", \(JSONText.quoted(body))); return 1;"
        ) { emulator in
            try await emulator.expect("{}", status: 502, body: body)
        }
    }

    /// The emulator of AWS keeps the error of a failed init for ever.
    @Test(arguments: [
        ("_exit(6)", "Runtime.ExitError"),
        (
            #"init_error("Function.NoConfig", "{\"errorType\":\"My.Error\",\"errorMessage\":\"x\"}"); _exit(1)"#,
            "My.Error"
        ),
    ])
    func aFailedInitIsTriedAgain(failure: String, type: String) async throws {
        let main = "if (access(\"ready\", F_OK)) { \(failure); } for (;;) { next(); respond(event, event_length); }"
        try await withEmulator(c: main) { emulator in
            for _ in 1...2 {
                let answer = try await emulator.invoke("{}")
                #expect(answer.status == 502)
                #expect(try ErrorObject(json: answer.body).errorType == type)
            }
            try emulator.fixture.write("ready", "")
            for event in ["1", "2"] { try await emulator.expect(event, body: event) }
        }
    }

    @Test(
        arguments: [
            (["--log-level", "error"], [:], []),
            (["--log-level", "warn", "--enable-init-caching"], [:], ["warning: --enable-init-caching has no effect"]),
            ([], [:], ["exec '"]),
            ([], ["LOG_LEVEL": "DEBUG"], ["exec '", "rie: invocation ", "rie: answer "]),
            (["--log-level=info"], ["LOG_LEVEL": "debug"], ["exec '"]),
        ] as [([String], [String: String], [String])]
    )
    func theLevelDecidesWhatIsSaid(
        options: [String],
        environment: [String: String],
        beginnings: [String]
    ) async throws {
        try await withEmulator(
            c: "for (;;) { next(); respond_text(\"1\"); }",
            more: options,
            environment: environment
        ) { emulator in
            try await emulator.expect("{}", body: "1")
            try await emulator.running.waitForErrorText("REPORT RequestId: ")
            let own = emulator.running.errorText.split(separator: "\n").filter { line in
                !["INIT_START ", "START ", "END ", "REPORT "].contains { line.hasPrefix($0) }
            }
            #expect(own.count == beginnings.count, "\(own)")
            for (line, beginning) in zip(own, beginnings) { #expect(line.hasPrefix(beginning)) }
        }
    }

    @Test func optionsOfTheProgramsOwnPassThrough() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(
                c: """
                    char text[256]; int fd = open("/proc/self/cmdline", O_RDONLY); ssize_t n = read(fd, text, 255);
                    for (ssize_t i = 0; i + 1 < n; i++) if (!text[i]) text[i] = ' ';
                    for (;;) { next(); respond(strchr(text, ' ') + 1, strlen(strchr(text, ' ') + 1)); }
                    """
            )
            try await RunningEmulator.with(["task/bootstrap", "app.handler", "--flag"], in: fixture) { emulator in
                try await emulator.expect("{}", body: "app.handler --flag")
            }
        }
    }

    @Test func aMissingBootstrapIs502() async throws {
        try await withEmulator(of: "task/no-such-bootstrap") { emulator in
            let answer = try await emulator.invoke("{}")
            #expect(answer.status == 502)
            #expect(try ErrorObject(json: answer.body).errorType == "Runtime.InvalidEntrypoint")
        }
    }

    @Test func aResponseOverTheLimitIsLambdasError() async throws {
        try await withEmulator(
            c: "static char b[6291557]; memset(b, '1', sizeof b); for (;;) { next(); respond(b, sizeof b); }"
        ) { emulator in
            let answer = try await emulator.invoke("{}")
            #expect(try ErrorObject(json: answer.body).errorType == "Function.ResponseSizeTooLarge")
        }
    }

    /// The emulator of AWS panics here.
    @Test func overlappingRequestsQueue() async throws {
        try await withEmulator(
            c: "for (;;) { next(); usleep(20000); respond(event, event_length); }"
        ) { emulator in
            let answers = try await emulator.invokeAtOnce(20)
            #expect(answers.count == 20)
            for (number, answer) in answers { #expect(answer == .init(status: 200, body: "\(number)")) }
        }
    }

    @Test(Prerequisite.procFileSystem) func keepsNoDescriptors() async throws {
        try await withEmulator(
            c: "for (;;) { next(); if (event[0] == '0') _exit(1); respond_text(\"1\"); }"
        ) { emulator in
            _ = try await emulator.invoke("0")
            _ = try await emulator.invoke("1")
            // Until the runtime waits for its next event, over a connection of its own.
            try await Task.sleep(for: .milliseconds(500))
            let before = emulator.running.descriptorCount
            // Every tenth kills the runtime, so that new ones are started meanwhile.
            for number in 1...50 { _ = try await emulator.invoke(number.isMultiple(of: 10) ? "0" : "1") }
            _ = try await emulator.invoke("1")
            try await eventually("\(before) descriptors again, now \(emulator.running.descriptorCount)") {
                emulator.running.descriptorCount <= before
            }
        }
    }
}
