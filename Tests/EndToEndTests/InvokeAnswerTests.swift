import LambdaModel
import Testing

/// What `apus invoke` prints for every way in which a runtime can answer.
@Suite(.serialized, Prerequisite.gcc) struct InvokeAnswerTests {
    /// Bytes, verbatim: Lambda does not look into a response.
    @Test(
        arguments: [
            #"{"a":1}"#, "{ \"b\" :\t[ 2 ] }", "\"早めのパブロン\"", "null", "", "not JSON at all", "<html>&amp;</html>",
            "\\u0041 \\",
            "a\r\nb\u{1B}[31m",
        ]
    )
    func printsTheResponseVerbatim(response: String) async throws {
        try await Fixture.with { fixture in
            try fixture.write("task/response", response)
            try await fixture.writeFunction(
                c: """
                    static char bytes[1000];
                    int file = open("response", O_RDONLY);
                    ssize_t length = read(file, bytes, sizeof bytes);
                    for (;;) { next(); respond(bytes, (size_t)length); }
                    """
            )
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.standardOutput == Array(response.utf8) + [UInt8(ascii: "\n")], "\(outcome)")
            #expect(outcome.status == .exited(0), "\(outcome)")
        }
    }

    @Test func printsBytesThatAreNotText() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(
                c: "char b[256]; for (int i = 0; i < 256; i++) b[i] = (char)i; for (;;) { next(); respond(b, 256); }"
            )
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.standardOutput == Array(0...255) + [UInt8(ascii: "\n")])
        }
    }

    @Test(
        arguments: [
            #"{"errorMessage":"no","errorType":"Bird.NotFound","stackTrace":[]}"#, "{ \"any\":\t\"thing\" }",
            "plain text",
        ]
    )
    func printsAnErrorVerbatim(body: String) async throws {
        try await Fixture.with { fixture in
            let literal = JSONText.quoted(body)
            try await fixture.writeFunction(
                c: "for (;;) { next(); respond_error(\"Function.Bird\", \(literal)); }"
            )
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.text == body + "\n", "\(outcome)")
            #expect(outcome.status == .exited(1), "\(outcome)")
            #expect(Set(outcome.log.requestIDs).count == 1, "\(outcome)")
        }
    }

    @Test func printsAnInitErrorVerbatim() async throws {
        try await Fixture.with { fixture in
            let body = #"{"errorType":"Function.NoConfig","errorMessage":"no config 早い"}"#
            try await fixture.writeFunction(
                c: "init_error(\"Function.NoConfig\", \(JSONText.quoted(body))); return 1;"
            )
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.text == body + "\n", "\(outcome)")
            #expect(outcome.status == .exited(1), "\(outcome)")
            #expect(outcome.log.initReports.map { $0["Phase"] } == ["init", "invoke"], "\(outcome)")
            #expect(outcome.log.initReports.allSatisfy { $0["Status"] == "error" }, "\(outcome)")
        }
    }

    @Test func endsAFunctionAtItsTimeout() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(c: "next(); fprintf(stderr, \"working\\n\"); for (;;) pause();")
            let outcome = try await fixture.invokeCode(event: "{}", ["--timeout", "1"])
            #expect(outcome.status == .exited(1), "\(outcome)")
            let id = try #require(outcome.log.requestIDs.first, "\(outcome)")
            let error = try ErrorObject(outcome)
            #expect(error.errorType == "Sandbox.Timedout")
            #expect(error.errorMessage == "RequestId: \(id) Error: Task timed out after 1.00 seconds")
            let line = outcome.log.lines.first { $0.hasSuffix(" \(id) Task timed out after 1.00 seconds") }
            // Before the id stands the time as ISO 8601, in UTC.
            #expect(line?.dropFirst(4).hasPrefix("-") == true && line?.contains("Z ") == true, "\(outcome)")
            #expect(outcome.log.report["Status"] == "timeout", "\(outcome)")
            #expect(outcome.log.lines.contains("working"), "\(outcome)")
        }
    }

    /// One REPORT line, whose figures are measured.
    @Test func reportsDurationAndMemory() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(
                c: """
                    volatile char *memory = malloc(40 << 20);
                    for (int i = 0; i < 40 << 20; i += 1024) memory[i] = 1;
                    for (;;) { next(); usleep(50000); respond_text(memory[1024] ? "{}" : "[]"); }
                    """
            )
            let outcome = try await fixture.invokeCode(event: "{}", ["--memory", "192"])
            #expect(outcome.status == .exited(0), "\(outcome)")
            let report = outcome.log.report
            #expect(report["Memory Size"] == "192 MB", "\(outcome)")
            let duration = try #require(Double(report["Duration"]?.split(separator: " ").first ?? ""), "\(outcome)")
            let initial = try #require(Double(report["Init Duration"]?.split(separator: " ").first ?? ""), "\(outcome)")
            let billed = try #require(Int(report["Billed Duration"]?.split(separator: " ").first ?? ""), "\(outcome)")
            let used = try #require(Int(report["Max Memory Used"]?.split(separator: " ").first ?? ""), "\(outcome)")
            #expect((50..<10_000).contains(duration), "\(outcome)")
            #expect((40...60).contains(used), "\(outcome)")
            // Both figures have been rounded to hundredths.
            let sums = [duration + initial - 0.01, duration + initial + 0.01].map { Int($0.rounded(.up)) }
            #expect((sums[0]...sums[1]).contains(billed), "\(outcome)")
            let starts = outcome.log.lines(startingWith: "INIT_START Runtime Version: provided:al2023")
            #expect(starts.count == 1, "\(outcome)")
        }
    }

    @Test func noEventIsAnEmptyObject() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction()
            let outcome = try await fixture.apus(["invoke", "--code", "task", "--handler", "app"])
            #expect(outcome.text == "{}\n", "\(outcome)")
        }
    }

    @Test func readsTheEventFromAFileOrAPipe() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeEchoFunction()
            let event = "{ \"bird\": \"雨燕\" }\n"
            try fixture.write("event.json", event)
            for option in ["-e", "--event"] {
                let outcome = try await fixture.invokeCode("task", [option, "event.json"])
                #expect(outcome.text == event + "\n", "\(outcome)")
            }
            let apus = try Paths.apus()
            let pipe = try await fixture.run(
                "/bin/sh",
                [
                    "-c", "cat event.json | \"$0\" invoke --code task --handler app -e -", apus,
                ]
            )
            #expect(pipe.text == event + "\n", "\(pipe)")
        }
    }

    @Test func writesTheLogToAFileAsWell() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(
                c: "for (;;) { next(); fprintf(stderr, \"chirp\\n\"); respond_text(\"1\"); }"
            )
            let outcome = try await fixture.invokeCode(event: "{}", ["-l", "function.log"])
            #expect(outcome.text == "1\n", "\(outcome)")
            let log = PlatformLog(text: try fixture.read("function.log"))
            #expect(log.requestIDs.count == 3)
            #expect(log.lines.contains("chirp"))
        }
    }

    /// `--code` may be the bootstrap itself, under any name.
    @Test func runsASingleExecutableFile() async throws {
        try await Fixture.with { fixture in
            let executable = try await CCompiler.shared.executable(of: CBootstrap.echo)
            try await fixture.writeExecutable("build/my-function", executable)
            let outcome = try await fixture.invokeCode("build/my-function", event: "[7]")
            #expect(outcome.text == "[7]\n", "\(outcome)")
            #expect(try fixture.temporaryFiles() == [])
        }
    }

    /// A streamed response arrives whole; its length is known only at its end.
    @Test(Prerequisite.curl) func printsAStreamedResponse() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction(
                script: #"""
                    #!/bin/bash
                    api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
                    while true; do
                        id=$(curl -sS -o /dev/null -D - "$api/next" | tr -d '\r' |
                            sed -n 's/^lambda-runtime-aws-request-id: *//Ip')
                        for part in 1 2 3 4 5; do printf 'part %d;' $part; sleep 0.02; done |
                            curl -sS -o /dev/null -X POST -T - -H 'Lambda-Runtime-Function-Response-Mode: streaming' \
                                -H 'Content-Type: text/plain' "$api/$id/response"
                    done
                    """#
            )
            let outcome = try await fixture.invokeCode(event: "{}")
            #expect(outcome.text == "part 1;part 2;part 3;part 4;part 5;\n", "\(outcome)")
            #expect(outcome.status == .exited(0), "\(outcome)")
        }
    }

    /// A bootstrap may come with a layer; the function's own wins.
    @Test func findsTheBootstrapOfALayer() async throws {
        try await Fixture.with { fixture in
            try await fixture.writeFunction("layer", c: "for (;;) { next(); respond_text(\"\\\"layer\\\"\"); }")
            try fixture.write("task/readme", "no bootstrap here")
            let layer = try await fixture.invokeCode(event: "{}", ["--layer", "layer"])
            #expect(layer.text == "\"layer\"\n", "\(layer)")
            try await fixture.writeFunction("task", c: "for (;;) { next(); respond_text(\"\\\"task\\\"\"); }")
            let own = try await fixture.invokeCode(event: "{}", ["--layer", "layer"])
            #expect(own.text == "\"task\"\n", "\(own)")
        }
    }
}
