#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Testing

/// External extensions as processes of their own, in a layer: what they are told, and what becomes of those that fail.
@Suite(.serialized, Prerequisite.python, Prerequisite.gcc) struct ExtensionTests {
    /// A record of telemetry, as an extension has received it.
    private struct Record: Decodable {
        var time: String
        var type: String
        var record: Content

        struct Content: Decodable {
            var text: String?
            var requestId: String?
            var status: String?
            var phase: String?
            var spans: [Span]?
            var metrics: [String: Double]?
            var tracing: [String: String]?

            struct Span: Decodable {
                var name: String
                var durationMs: Double
            }

            enum CodingKeys: CodingKey { case requestId, status, phase, spans, metrics, tracing }

            init(from decoder: any Decoder) throws {
                if let text = try? decoder.singleValueContainer().decode(String.self) {
                    self.text = text
                    return
                }
                let values = try decoder.container(keyedBy: CodingKeys.self)
                requestId = try values.decodeIfPresent(String.self, forKey: .requestId)
                status = try values.decodeIfPresent(String.self, forKey: .status)
                phase = try values.decodeIfPresent(String.self, forKey: .phase)
                spans = try values.decodeIfPresent([Span].self, forKey: .spans)
                metrics = try values.decodeIfPresent([String: Double].self, forKey: .metrics)
                tracing = try values.decodeIfPresent([String: String].self, forKey: .tracing)
            }
        }
    }

    private static let function = """
        printf("the function is ready\\n"); fflush(stdout);
        for (;;) { next(); printf("the function works\\n"); fflush(stdout); respond_text("[1,2]"); }
        """

    /// Invokes a function once with one extension beside it.
    private func invoke(
        _ fixture: Fixture,
        extension script: String,
        c main: String = function,
        mode: Int = 0o755,
        _ options: [String] = []
    ) async throws -> ProgramOutcome {
        try await fixture.writeFunction(c: main)
        try await fixture.writeExecutable("layer/extensions/agent", Array(script.utf8))
        if mode != 0o755 {
            _ = try await fixture.run("/bin/chmod", [String(mode, radix: 8), fixture.path("layer/extensions/agent")])
        }
        return try await fixture.invokeCode(
            event: "{}",
            ["--layer", "layer", "--env", "RECORDS=" + fixture.path("records")] + options
        )
    }

    private func records(_ fixture: Fixture) throws -> [Record] {
        try fixture.read("records").split(separator: "\n").map {
            try JSONDecoder().decode(Record.self, from: Data($0.utf8))
        }
    }

    @Test(arguments: ["HTTP", "TCP"])
    func telemetryIsDelivered(by protocol: String) async throws {
        try await Fixture.with(.process) { fixture in
            let outcome = try await invoke(fixture, extension: ExtensionScript.recorder(protocol: `protocol`))
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(outcome.text == "[1,2]\n")
            let records = try records(fixture)
            let platform = records.filter { $0.type.hasPrefix("platform.") }
            // The runtime starts when the extension has registered, so that it may be ready before the subscription.
            let subscription = "platform.telemetrySubscription"
            #expect(platform.count { $0.type == subscription } == 1)
            #expect(
                platform.map(\.type).filter { $0 != subscription } == [
                    "platform.initStart", "platform.initRuntimeDone", "platform.extension", "platform.initReport",
                    "platform.start", "platform.runtimeDone", "platform.report",
                ],
                "\(outcome)"
            )
            // One request id everywhere: the log's.
            let ids = Set(platform.compactMap(\.record.requestId))
            #expect(ids == Set(outcome.log.requestIDs) && ids.count == 1)
            #expect(platform.compactMap(\.record.status) == ["success", "success", "success", "success"])
            // What was written stands between the events that it was written between.
            func place(_ type: String, _ text: String? = nil) throws -> Int {
                let index = records.firstIndex { $0.type == type && (text == nil || $0.record.text == text) }
                guard let index else { throw HarnessError("no \(type) \(text ?? ""): \(outcome)") }
                return index
            }
            #expect(try place("function", "the function is ready") < place("platform.start"))
            #expect(try place("extension", "the extension is ready") < place("platform.start"))
            #expect(try place("platform.start") < place("function", "the function works"))
            #expect(try place("function", "the function works") < place("platform.runtimeDone"))
            #expect(try place("platform.start") < place("extension", "the extension works"))
            #expect(records.map(\.time) == records.map(\.time).sorted())
            // Figures.
            let done = try #require(platform.first { $0.type == "platform.runtimeDone" }?.record)
            #expect(done.spans?.map(\.name) == ["responseLatency", "responseDuration", "runtimeOverhead"])
            #expect(done.metrics?["producedBytes"] == 5)
            #expect(done.tracing?["type"] == "X-Amzn-Trace-Id")
            let report = try #require(platform.last?.record)
            #expect(report.spans?.map(\.name) == ["extensionOverhead"])
            let duration = try #require(report.metrics?["durationMs"])
            #expect(duration >= (done.metrics?["durationMs"] ?? .infinity))
            let logged = try #require(outcome.log.report["Duration"].flatMap { Double($0.dropLast(" ms".count)) })
            #expect(abs(logged - duration) <= 0.006)
            #expect((report.metrics?["initDurationMs"] ?? 0) > 0)
            // Lambda's lines in the log.
            let lines = outcome.log.lines
            #expect(lines.contains("TELEMETRY\tName: agent\tState: Subscribed\tTypes: [Platform, Function, Extension]"))
            #expect(lines.contains("EXTENSION\tName: agent\tState: Ready\tEvents: [INVOKE,SHUTDOWN]"))
            try await expectNothingLeft(of: fixture)
        }
    }

    /// The last words of a function are often a line without an end, and matter most.
    @Test func theLastWordsAreDelivered() async throws {
        try await Fixture.with(.process) { fixture in
            let outcome = try await invoke(
                fixture,
                extension: ExtensionScript.recorder(protocol: "HTTP"),
                c: "next(); fprintf(stderr, \"the last words\"); exit(3);"
            )
            #expect(try ErrorObject(outcome).errorType == "Runtime.ExitError")
            #expect(outcome.log.lines.contains("the last words"), "\(outcome)")
            let records = try records(fixture)
            #expect(records.contains { $0.type == "function" && $0.record.text == "the last words" }, "\(outcome)")
            try await expectNothingLeft(of: fixture)
        }
    }

    private func expectNothingLeft(of fixture: Fixture) async throws {
        try await eventually("no process") { fixture.processes().isEmpty }
        #expect(try fixture.temporaryFiles() == [])
    }

    // MARK: Failures

    struct Failure: Sendable, CustomTestStringConvertible {
        var title: String
        var script: String
        /// The function's error object, and the lines of the log by their beginnings.
        var errorType: String
        var message: String
        var log: [String]
        /// In seconds, for the whole command.
        var limit: Double = 10
        var mode = 0o755
        var testDescription: String { title }
    }

    @Test(arguments: [
        Failure(
            title: "crashes before it registers",
            script: "sys.exit(3)",
            errorType: "Extension.Crash",
            message: "exit status 3",
            log: ["EXTENSION\tName: agent\tState: Exited\tEvents: []\tError Type: Extension.Crash", "INIT_REPORT"]
        ),
        Failure(
            title: "ends in the init phase",
            script: "register(); sys.exit(0)",
            errorType: "Extension.Crash",
            message: "exit code 0",
            log: ["EXTENSION\tName: agent\tState: Exited\tEvents: [INVOKE,SHUTDOWN]\tError Type: Extension.Crash"]
        ),
        Failure(
            title: "reports an init error",
            script: "register(); report('init', 'Agent.NoKey'); sys.exit(0)",
            errorType: "Extension.InitError",
            message: "exit code 0",
            log: ["EXTENSION\tName: agent\tState: Exited\tEvents: [INVOKE,SHUTDOWN]\tError Type: Agent.NoKey"]
        ),
        Failure(
            title: "reports an exit error",
            script: "register(); next_event(); report('exit', 'Agent.Lost'); sys.exit(1)",
            errorType: "Extension.ExitError",
            message: "exit status 1",
            log: ["EXTENSION\tName: agent\tState: Ready"]
        ),
        Failure(
            title: "exits during the invoke",
            script: "register(); next_event(); sys.exit(7)",
            errorType: "Extension.Crash",
            message: "exit status 7",
            log: ["EXTENSION\tName: agent\tState: Ready"]
        ),
        Failure(
            title: "is killed during the invoke",
            script: "register(); next_event(); os.kill(os.getpid(), signal.SIGKILL)",
            errorType: "Extension.Crash",
            message: "signal: killed",
            log: ["EXTENSION\tName: agent\tState: Ready"]
        ),
        Failure(
            title: "cannot be executed",
            script: "",
            errorType: "Extension.LaunchError",
            message: "fork/exec /opt/extensions/agent: permission denied",
            log: ["EXTENSION\tName: agent\tState: LaunchError\tEvents: []\tError Type: PermissionDenied"],
            mode: 0o644
        ),
        // Init takes its 10 s, the second init the function's time-out.
        Failure(
            title: "never registers",
            script: "time.sleep(1000)",
            errorType: "Sandbox.Timedout",
            message: "Task timed out after 1.00 seconds",
            log: ["EXTENSION\tName: agent\tState: Started", "INIT_REPORT"],
            limit: 25
        ),
        Failure(
            title: "never asks for an event",
            script: "register(); time.sleep(1000)",
            errorType: "Sandbox.Timedout",
            message: "Task timed out after 1.00 seconds",
            log: ["EXTENSION\tName: agent\tState: Registered", "INIT_REPORT"],
            limit: 25
        ),
    ])
    func failuresAreLambdas(failure: Failure) async throws {
        try await Fixture.with { fixture in
            let start = ContinuousClock.now
            // The function answers only after a while, so that what happens in the invoke phase comes first.
            let outcome = try await invoke(
                fixture,
                extension: ExtensionScript.source(failure.script),
                c: "for (;;) { next(); sleep(5); respond_text(\"1\"); }",
                mode: failure.mode,
                ["--timeout", failure.errorType == "Sandbox.Timedout" ? "1" : "20"]
            )
            let duration = ContinuousClock.now - start
            #expect(outcome.status == .exited(1), "\(outcome)")
            let error = try ErrorObject(outcome)
            #expect(error.errorType == failure.errorType)
            let id = try #require(outcome.log.requestIDs.first)
            #expect(error.errorMessage == "RequestId: \(id) Error: \(failure.message)")
            for line in failure.log { #expect(!outcome.log.lines(startingWith: line).isEmpty, "\(line): \(outcome)") }
            #expect(duration < .seconds(failure.limit), "\(duration)")
            try await expectNothingLeft(of: fixture)
        }
    }

    /// 0, 500 and 2,000 ms: what a shutdown may take at the most, by a real clock.
    @Test(arguments: [
        // The extension takes its event and goes on and on.
        ("register(); next_event(); next_event(); time.sleep(1000)", 2.0...6.0),
        // It does not even ask.
        (
            "register(); next_event(); signal.signal(signal.SIGTERM, signal.SIG_IGN); open(os.environ['RECORDS'], 'a').write('busy'); next_event(); \nwhile True: pass",
            2.0...6.0
        ),
        // It ends when it is told to.
        ("register(); next_event(); assert next_event()['shutdownReason'] == 'spindown'", 0.0...1.9),
        // It has not asked to be told, so it is killed.
        ("register(['INVOKE']); next_event(); next_event()", 0.0...1.9),
    ])
    func aShutdownHasItsDeadline(script: String, seconds: ClosedRange<Double>) async throws {
        try await Fixture.with(.process) { fixture in
            // Its answer is the last that happens before the shutdown.
            let main = """
                for (;;) {
                    next();
                    struct timespec now;
                    clock_gettime(CLOCK_REALTIME, &now);
                    fprintf(stderr, "answered at %.3f\\n", now.tv_sec + now.tv_nsec / 1e9);
                    respond_text("1");
                }
                """
            let outcome = try await invoke(fixture, extension: ExtensionScript.source(script), c: main)
            let end = Date().timeIntervalSince1970
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(outcome.text == "1\n")
            let line = try #require(outcome.log.lines(startingWith: "answered at ").first, "\(outcome)")
            let duration = end - (try #require(Double(line.dropFirst("answered at ".count))))
            #expect(seconds.contains(duration), "\(duration)")
            try await expectNothingLeft(of: fixture)
        }
    }

    /// A runtime that refuses SIGTERM has 300 ms of the two seconds; then the extension is told all the same.
    @Test func aRuntimeThatRefusesToEndIsKilled() async throws {
        try await Fixture.with { fixture in
            let outcome = try await invoke(
                fixture,
                extension: ExtensionScript.source(
                    "register(); next_event(); event = next_event(); print('told', event['shutdownReason'], round(event['deadlineMs'] / 1000 - time.time(), 1), flush=True)"
                ),
                c: "signal(SIGTERM, SIG_IGN); for (;;) { next(); respond_text(\"1\"); }"
            )
            #expect(outcome.status == .exited(0), "\(outcome)")
            let told = try #require(outcome.log.lines(startingWith: "told spindown ").first, "\(outcome)")
            let left = try #require(Double(told.dropFirst("told spindown ".count)))
            #expect(left > 0.5 && left <= 1.8, "\(left)")
            try await expectNothingLeft(of: fixture)
        }
    }

    /// An internal extension: the runtime registers for itself, in a thread or before its first event.
    @Test(Prerequisite.curl) func anInternalExtensionTakesPart() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(
                script: #"""
                    #!/bin/bash
                    api=http://$AWS_LAMBDA_RUNTIME_API
                    id=$(curl -sS -D - -o /dev/null -H 'Lambda-Extension-Name: inside' -d '{"events":["INVOKE"]}' $api/2020-01-01/extension/register | grep -i '^lambda-extension-identifier' | tr -d '\r' | cut -d' ' -f2)
                    ( for n in 1 2; do curl -sS -H "Lambda-Extension-Identifier: $id" $api/2020-01-01/extension/event/next; echo " to the extension $n"; done ) &
                    while head=$(curl -sS -D - -o /dev/null $api/2018-06-01/runtime/invocation/next); do
                        request=$(grep -i '^lambda-runtime-aws-request-id' <<<"$head" | tr -d '\r' | cut -d' ' -f2)
                        curl -sS -o /dev/null -d '"done"' $api/2018-06-01/runtime/invocation/$request/response
                    done
                    """#
            )
            let outcome = try await fixture.invokeCode(event: "{}", [])
            #expect(outcome.status == .exited(0), "\(outcome)")
            #expect(outcome.text == "\"done\"\n")
            #expect(outcome.log.lines.contains("EXTENSION\tName: inside\tState: Ready\tEvents: [INVOKE]"), "\(outcome)")
            #expect(
                outcome.log.lines.contains {
                    $0.contains(#""eventType":"INVOKE""#) && $0.hasSuffix("to the extension 1")
                }
            )
            try await expectNothingLeft(of: fixture)
        }
    }
}
