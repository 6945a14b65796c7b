import LambdaModel
import Testing

/// `apus rie`: what images and their tests expect of the emulator that AWS ships.
@Suite(.serialized, Prerequisite.curl, Prerequisite.gcc) struct EmulatorTests {
    /// A running emulator and the address where it takes invocations.
    struct Emulator: Sendable {
        var fixture: Fixture
        var address: String
        var running: RunningProgram

        /// The answer to an invocation: status and body.
        func invoke(
            _ event: String,
            path: String = "/2015-03-31/functions/function/invocations"
        ) async throws -> Answer {
            let outcome = try await fixture.program(
                Paths.program("curl") ?? "",
                ["-sS", "--data-binary", "@-", "-w", "\n%{http_code}", "http://" + address + path],
                stdin: Array(event.utf8)
            ).run()
            #expect(outcome.status == .exited(0), "\(outcome)")
            let end = outcome.text.lastIndex(of: "\n") ?? outcome.text.startIndex
            return Answer(status: Int(outcome.text[end...].dropFirst()) ?? 0, body: String(outcome.text[..<end]))
        }

        /// Invokes the function and compares the answer.
        func expect(
            _ event: String,
            status: Int,
            body: String,
            at location: SourceLocation = #_sourceLocation
        ) async throws {
            let answer = try await invoke(event)
            #expect(answer == Answer(status: status, body: body), "\(running.errorText)", sourceLocation: location)
        }
    }

    struct Answer: Hashable, Sendable {
        var status: Int
        var body: String
    }

    private func withEmulator(
        of command: String = "task/bootstrap",
        c main: String? = nil,
        environment: [String: String] = [:],
        _ body: @escaping @Sendable (Emulator) async throws -> Void
    ) async throws {
        try await Fixture.with { fixture in
            if let main { try await fixture.writeFunction(c: main) }
            let address = "127.0.0.1:\(try freePort())"
            let runtimeAPI = "127.0.0.1:\(try freePort())"
            let outcome = try await fixture.apus(
                [
                    "rie", "--runtime-interface-emulator-address", address, "--runtime-api-address", runtimeAPI,
                    fixture.path(command), "app.handler",
                ],
                environment: environment
            ) { running in
                defer { running.signal(.terminate) }
                let emulator = Emulator(fixture: fixture, address: address, running: running)
                try await eventually("a listening emulator; stderr: \(running.errorText)") {
                    let probe = try await fixture.run(Paths.program("curl") ?? "", ["-s", "http://\(address)/"])
                    return probe.status == .exited(0)
                }
                try await body(emulator)
            }
            #expect(outcome.status == .exited(143) || outcome.status == .exited(0), "\(outcome)")
            try await eventually("no process") { fixture.processes().isEmpty }
            #expect(try fixture.temporaryFiles() == [])
        }
    }

    @Test func answersWithTheResponse() async throws {
        try await withEmulator(c: "for (;;) { next(); respond(event, event_length); }") { emulator in
            for event in ["{\"bird\":\"雨燕\"}", "7", "not JSON", ""] {
                try await emulator.expect(event, status: 200, body: event)
            }
        }
    }

    @Test func knowsOnlyTheFunctionCalledFunction() async throws {
        try await withEmulator(c: "for (;;) { next(); respond_text(\"1\"); }") { emulator in
            let answer = try await emulator.invoke("{}", path: "/2015-03-31/functions/other/invocations")
            #expect(answer.status == 404)
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
            let answers = try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
                for number in 0..<20 {
                    group.addTask { (number, try await emulator.invoke("\(number)")) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(answers.count == 20)
            for (number, answer) in answers { #expect(answer == Answer(status: 200, body: "\(number)")) }
        }
    }

    @Test(Prerequisite.procFileSystem) func keepsNoDescriptors() async throws {
        try await withEmulator(
            c: "for (;;) { next(); if (event[0] == '0') _exit(1); respond_text(\"1\"); }"
        ) { emulator in
            _ = try await emulator.invoke("0")
            _ = try await emulator.invoke("1")
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
