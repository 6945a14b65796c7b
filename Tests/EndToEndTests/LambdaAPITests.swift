import Testing

/// `apus start-lambda` behind the AWS SDK: what programs under test do with it.
@Suite(.serialized, Prerequisite.pythonRuntime) struct LambdaAPITests {
    private static let template = """
        AWSTemplateFormatVersion: "2010-09-09"
        Transform: AWS::Serverless-2016-10-31
        Globals:
          Function: {Runtime: provided.al2023, Handler: app, Timeout: 10}
        Resources:
          Echo:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: echo/, FunctionName: the-echo}
          Crash:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: crash/}
          Slow:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: slow/}
          Reserved:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: slow/, ReservedConcurrentExecutions: 1}
          Closed:
            Type: AWS::Serverless::Function
            Properties: {CodeUri: echo/, ReservedConcurrentExecutions: 0}
        """

    /// Runs statements of Python with `client`, boto3's of Lambda without retries, and expects that none of them fails.
    private func withServer(_ options: [String] = [], python: String) async throws {
        try await Fixture.with { fixture in
            try fixture.write("template.yaml", Self.template)
            try await fixture.writeEchoFunction("echo")
            try await fixture.writeFunction("crash", c: "next(); abort();")
            try await fixture.writeFunction(
                "slow",
                c: "for (;;) { next(); usleep(500000); respond(event, event_length); }"
            )
            try await fixture.lambda(options, python: python)
        }
    }

    @Test func aPortThatIsTakenIsSaid() async throws {
        try await Fixture.with { fixture in
            try fixture.write("template.yaml", Self.template)
            for directory in ["echo", "crash", "slow"] { try await fixture.writeEchoFunction(directory) }
            let outcome = try await fixture.apus(["start-lambda", "--port", "0"]) { running in
                defer { running.signal(.terminate) }
                try await running.waitForErrorText("http://127.0.0.1:")
                let words = running.errorText.split(whereSeparator: { !$0.isNumber })
                let port = try #require(words.last)
                let second = try await fixture.apus(["start-lambda", "--port", String(port), "--state-dir", "other"])
                #expect(second.status == .exited(2))
                #expect(second.standardError.contains("cannot listen at 127.0.0.1:\(port): Address already in use"))
            }
            #expect(outcome.status == .exited(143), "\(outcome)")
        }
    }

    @Test func invokeByEveryName() async throws {
        try await withServer(
            python: """
                arn = "arn:aws:lambda:us-east-1:123456789012:function:the-echo"
                for name in ["the-echo", "Echo", arn, arn + ":$LATEST", "123456789012:function:the-echo", "the-echo:$LATEST"]:
                    answer = client.invoke(FunctionName=name, Payload=json.dumps({"name": name}))
                    expect(answer["StatusCode"], 200)
                    expect(answer["ExecutedVersion"], "$LATEST")
                    expect(json.loads(answer["Payload"].read()), {"name": name})
                    expect("FunctionError" in answer, False)
                expect(client.invoke(FunctionName="Echo")["Payload"].read(), b"{}")
                expect(client.invoke(FunctionName="Echo", InvocationType="DryRun")["StatusCode"], 204)
                """
        )
    }

    @Test func theLogsTail() async throws {
        try await withServer(
            python: """
                for _ in range(2):
                    answer = client.invoke(FunctionName="Echo", LogType="Tail", Payload="1")
                    lines = base64.b64decode(answer["LogResult"]).decode().splitlines()
                    request = answer["ResponseMetadata"]["RequestId"]
                    expect(lines[0], f"START RequestId: {request} Version: $LATEST")
                    expect(lines[-2], f"END RequestId: {request}")
                    expect(lines[-1].startswith(f"REPORT RequestId: {request}\\t"), True)
                    expect(answer["Payload"].read(), b"1")
                """
        )
    }

    @Test func errorsAreBotocoresOwn() async throws {
        try await withServer(
            python: """
                answer = client.invoke(FunctionName="Crash", Payload="{}")
                expect(answer["StatusCode"], 200)
                expect(answer["FunctionError"], "Unhandled")
                expect(json.loads(answer["Payload"].read())["errorType"], "Runtime.ExitError")
                expect(error(client.invoke, FunctionName="nobody"), ("ResourceNotFoundException", 404))
                expect(error(client.invoke, FunctionName="Echo", Qualifier="7"), ("ResourceNotFoundException", 404))
                expect(error(client.invoke, FunctionName="Echo:1", Qualifier="2"), ("InvalidParameterValueException", 400))
                expect(error(client.invoke, FunctionName="Echo", Payload="{"), ("InvalidRequestContentException", 400))
                expect(error(client.invoke, FunctionName="Echo", Payload=b'"' + b"x" * 6291455 + b'"'),
                       ("RequestTooLargeException", 413))
                expect(error(client.list_code_signing_configs)[1], 501)
                expect(error(client.invoke, FunctionName="Echo", InvocationType="Event", Payload="{"),
                       ("InvalidRequestContentException", 400))
                expect(error(client.invoke, FunctionName="Echo", InvocationType="Event", Payload=b'"' + b"x" * 1048575 + b'"'),
                       ("RequestTooLargeException", 413))
                expect(error(client.invoke, FunctionName="nobody", InvocationType="Event"), ("ResourceNotFoundException", 404))
                expect(client.invoke(FunctionName="Echo", Payload=b'"' + b"x" * 6291454 + b'"')["StatusCode"], 200)
                """
        )
    }

    @Test func streamsAreEventStreams() async throws {
        try await withServer(
            python: """
                answer = client.invoke_with_response_stream(FunctionName="Echo", LogType="Tail", Payload='{"a":1}')
                events = list(answer["EventStream"])
                expect(b"".join(e["PayloadChunk"]["Payload"] for e in events if "PayloadChunk" in e), b'{"a":1}')
                end = events[-1]["InvokeComplete"]
                expect("ErrorCode" in end, False)
                expect(b"REPORT RequestId" in base64.b64decode(end["LogResult"]), True)
                events = list(client.invoke_with_response_stream(FunctionName="Crash")["EventStream"])
                expect(events[-1]["InvokeComplete"]["ErrorCode"], "Runtime.ExitError")
                """
        )
    }

    /// Each in an environment of its own, as long as the limit allows; those beyond it get Lambda's 429. One of the five is
    /// reserved for another function.
    @Test func manyAtOnceUpToTheLimit() async throws {
        try await withServer(
            ["--concurrency", "5"],
            python: """
                answers, began = [], time.monotonic()
                def call(number):
                    try:
                        answer = client.invoke(FunctionName="Slow", Payload=json.dumps(number))
                        answers.append((200, json.loads(answer["Payload"].read()) == number))
                    except client.exceptions.TooManyRequestsException as error:
                        answers.append((429, error.response["Reason"]))
                threads = [threading.Thread(target=call, args=(n,)) for n in range(7)]
                for thread in threads: thread.start()
                for thread in threads: thread.join()
                expect(sorted(answers), [(200, True)] * 4 + [(429, "ConcurrentInvocationLimitExceeded")] * 3)
                expect(time.monotonic() - began < 5, True)
                """
        )
    }

    @Test func reservedConcurrencyIsTheFunctionsOwnLimit() async throws {
        try await withServer(
            python: """
                answers = []
                def call(name):
                    try:
                        answers.append((name, client.invoke(FunctionName=name)["StatusCode"]))
                    except client.exceptions.TooManyRequestsException as error:
                        answers.append((name, error.response["Reason"]))
                names = ["Reserved", "Reserved", "Closed", "Echo"]
                threads = [threading.Thread(target=call, args=(name,)) for name in names]
                for thread in threads: thread.start()
                for thread in threads: thread.join()
                reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
                expect(sorted(answers, key=str), sorted([("Reserved", 200), ("Reserved", reason), ("Closed", reason),
                                                         ("Echo", 200)], key=str))
                """
        )
    }

    /// All that there is is reserved for another function.
    @Test func aSmallLimitShutsNobodyOut() async throws {
        try await withServer(
            ["--concurrency", "1"],
            python: """
                def soon(name):
                    # The environment of the one before holds its place until its runtime has asked for the next event.
                    for _ in range(500):
                        try:
                            return answer(name, b"1")
                        except client.exceptions.TooManyRequestsException:
                            time.sleep(0.02)
                for name in ["Echo", "Reserved", "Echo"]: expect(soon(name), b"1")
                """
        )
    }

    @Test func whoAsksForAQueueWaits() async throws {
        try await withServer(
            ["--concurrency", "2", "--queue"],
            python: """
                answers = []
                def call(number):
                    name = "Slow" if number % 2 else "Echo"
                    answers.append(json.loads(client.invoke(FunctionName=name, Payload=str(number))["Payload"].read()))
                threads = [threading.Thread(target=call, args=(n,)) for n in range(12)]
                for thread in threads: thread.start()
                for thread in threads: thread.join()
                expect(sorted(answers), list(range(12)))
                """
        )
    }
}
