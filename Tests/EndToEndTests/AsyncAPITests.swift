import Testing

/// Asynchronous invocations behind AWS's own client: what is accepted, how often it runs, and what its destinations get.
@Suite(.serialized, Prerequisite.pythonRuntime, Prerequisite.gcc) struct AsyncAPITests {
    /// Notes each event in the file NOTES, waits for the file GATE where there is such a variable, and answers; with FAIL it
    /// fails.
    private static let program = #"""
        for (;;) {
            next();
            int file = open(getenv("NOTES"), O_WRONLY | O_APPEND | O_CREAT, 0600);
            event[event_length] = '\n';
            if (write(file, event, event_length + 1) < 0) perror("write");
            close(file);
            while (getenv("GATE") && access(getenv("GATE"), F_OK)) usleep(2000);
            if (getenv("FAIL")) respond_error("Function.No", "{\"errorType\":\"Function.No\",\"errorMessage\":\"no\"}");
            else respond_text("{\"ok\":true}");
        }
        """#

    private static let helpers = """
        account = "us-east-1:123456789012"

        def lines(name):
            try:
                return [json.loads(line) for line in open(name)]
            except FileNotFoundError:
                return []

        def wait(name, count):
            # Until a file has as many lines.
            end = time.time() + 20
            while len(lines(name)) < count:
                assert time.time() < end, f"{name}: {lines(name)}"
                time.sleep(0.01)
            return lines(name)

        def event(name, payload=b"{}", **more):
            result = client.invoke(FunctionName=name, InvocationType="Event", Payload=payload, **more)
            expect((result["StatusCode"], result["Payload"].read()), (202, b""))
            return result["ResponseMetadata"]["RequestId"]

        def failure(name, **more):
            # What becomes of events of the function, where that is a file.
            target = f"arn:aws:sqs:{account}:{name}-failed"
            client.put_function_event_invoke_config(
                FunctionName=name, DestinationConfig={"OnFailure": {"Destination": target}}, **more)
            return f"state/destinations/sqs-{name}-failed.jsonl"

        """

    /// Each function notes in a file of its own name.
    private func prepare(_ fixture: Fixture) async throws {
        func notes(_ name: String, _ more: String = "") -> String {
            #"Environment: {Variables: {NOTES: "\#(fixture.path(name))"\#(more)}}"#
        }
        try fixture.write(
            "template.yaml",
            """
            Transform: AWS::Serverless-2016-10-31
            Globals: {Function: {Runtime: provided.al2023, Handler: app, Timeout: 20, CodeUri: note/}}
            Resources:
              Queue: {Type: AWS::SQS::Queue}
              Good: {Type: AWS::Serverless::Function, Properties: {\(notes("Good"))}}
              Record: {Type: AWS::Serverless::Function, Properties: {\(notes("Record"))}}
              Bad: {Type: AWS::Serverless::Function, Properties: {\(notes("Bad", ", FAIL: 1"))}}
              Settled:
                Type: AWS::Serverless::Function
                Properties:
                  \(notes("Settled", ", FAIL: 1"))
                  EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: Lambda, Destination: !GetAtt Record.Arn}}}
                  DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Queue.Arn}
              Gate:
                Type: AWS::Serverless::Function
                Properties: {ReservedConcurrentExecutions: 1, \(notes("Gate", #", GATE: "\#(fixture.path("open"))""#))}
            """
        )
        try await fixture.writeFunction("note", c: Self.program)
    }

    private static let server = ["--backend", "process", "--state-dir", "state"]

    private func withServer(scale: Double = 0.001, python: String) async throws {
        try await Fixture.with { fixture in
            try await prepare(fixture)
            try await fixture.lambda(Self.server + ["--time-scale", "\(scale)"], python: Self.helpers + python)
        }
    }

    // MARK: Runs and what follows

    @Test func aFailureRunsThreeTimes() async throws {
        try await withServer(
            python: """
                began = time.time()
                request = event("Settled", b'{"n": 1}')
                record, = wait("Record", 1)
                # A minute and two, a thousandth of each.
                expect(time.time() - began > 0.18, True)
                expect(lines("Settled"), [{"n": 1}] * 3)
                expect(record["version"], "1.0")
                expect(record["requestContext"],
                       {"requestId": request, "functionArn": f"arn:aws:lambda:{account}:function:Settled:$LATEST",
                        "condition": "RetriesExhausted", "approximateInvokeCount": 3})
                expect(record["requestPayload"], {"n": 1})
                expect(record["responseContext"],
                       {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"})
                expect(record["responsePayload"], {"errorType": "Function.No", "errorMessage": "no"})
                expect(lines("state/destinations/sqs-Queue.jsonl"),
                       [{"body": '{"n": 1}',
                         "attributes": {"RequestID": request, "ErrorCode": "200", "ErrorMessage": "no"}}])
                mode = lambda path: os.stat(path).st_mode & 0o777
                expect([mode("state"), mode("state/destinations")], [0o700] * 2)
                expect([mode(f"state/{name}") for name in ["store.sqlite", "lock", "destinations/sqs-Queue.jsonl"]],
                       [0o600] * 3)
                """
        )
    }

    @Test func aSuccessHasADestinationToo() async throws {
        try await withServer(
            python: """
                topic = f"arn:aws:sns:{account}:done"
                for target in [f"arn:aws:lambda:{account}:function:Record", topic]:
                    client.put_function_event_invoke_config(
                        FunctionName="Good", DestinationConfig={"OnSuccess": {"Destination": target}})
                    event("Good", b"[1]")
                    record, = wait("Record" if "lambda" in target else "state/destinations/sns-done.jsonl", 1)
                    expect(record["requestContext"]["condition"], "Success")
                    expect(record["requestContext"]["approximateInvokeCount"], 1)
                    expect((record["requestPayload"], record["responsePayload"]), ([1], {"ok": True}))
                    expect(record["responseContext"], {"statusCode": 200, "executedVersion": "$LATEST"})
                expect(lines("Good"), [[1]] * 2)
                """
        )
    }

    @Test func retriesAndAge() async throws {
        try await withServer(
            python: """
                def context(file):
                    record = wait(file, 1)[-1]
                    os.remove(file)
                    return record["requestContext"]["condition"], record["requestContext"]["approximateInvokeCount"]

                file = failure("Bad", MaximumRetryAttempts=0)
                event("Bad")
                expect(context(file), ("RetriesExhausted", 1))
                failure("Bad", MaximumRetryAttempts=1)
                event("Bad")
                expect(context(file), ("RetriesExhausted", 2))
                # The second run would come when it is too old; on a busy machine the first one, too.
                failure("Bad", MaximumEventAgeInSeconds=60)
                event("Bad")
                expect(context(file) in [("EventAgeExceeded", 1), ("EventAgeExceeded", 0)], True)
                # An alias has settings of its own.
                client.publish_version(FunctionName="Bad")
                client.create_alias(FunctionName="Bad", Name="live", FunctionVersion="1")
                client.put_function_event_invoke_config(
                    FunctionName="Bad", Qualifier="live", MaximumRetryAttempts=1,
                    DestinationConfig={"OnFailure": {"Destination": f"arn:aws:lambda:{account}:function:Record"}})
                event("Bad", Qualifier="live")
                record, = wait("Record", 1)
                expect(record["requestContext"]["functionArn"], f"arn:aws:lambda:{account}:function:Bad:live")
                expect(record["requestContext"]["approximateInvokeCount"], 2)
                expect(record["responseContext"]["executedVersion"], "1")
                expect(lines(file), [])
                """
        )
    }

    // MARK: Concurrency

    /// The one environment is busy; a minute is 600 ms.
    @Test func throttledEventsWaitUntilTheyAreTooOld() async throws {
        try await withServer(
            scale: 0.01,
            python: """
                holder = threading.Thread(target=answer, args=("Gate", b'"holder"'))
                holder.start()
                wait("Gate", 1)
                file = failure("Gate", MaximumEventAgeInSeconds=60)
                event("Gate", b'"late"')
                record, = wait(file, 1)
                expect(record["requestContext"]["condition"], "EventAgeExceeded")
                expect(record["requestContext"]["approximateInvokeCount"], 0)
                expect("responseContext" in record, False)
                failure("Gate", MaximumEventAgeInSeconds=21600)
                event("Gate", b'"in time"')
                time.sleep(0.1)
                expect(lines("Gate"), ["holder"])
                open("open", "w").close()
                expect(wait("Gate", 2), ["holder", "in time"])
                holder.join()

                # Nothing may run at all: Lambda does not try.
                client.put_function_concurrency(FunctionName="Gate", ReservedConcurrentExecutions=0)
                event("Gate", b'"never"')
                record = wait(file, 2)[1]
                expect(record["requestContext"]["condition"], "ZeroReservedConcurrency")
                expect(record["requestPayload"], "never")
                expect(len(lines("Gate")), 2)
                """
        )
    }

    /// A second is a minute here, so that only a change lets the event run in time.
    @Test func aChangeLetsWhatWaitsRun() async throws {
        try await withServer(
            scale: 60,
            python: """
                holder = threading.Thread(target=answer, args=("Gate", b'"holder"'))
                holder.start()
                wait("Gate", 1)
                event("Gate", b'"event"')
                time.sleep(0.2)
                expect(lines("Gate"), ["holder"])
                client.put_function_concurrency(FunctionName="Gate", ReservedConcurrentExecutions=2)
                expect(wait("Gate", 2), ["holder", "event"])
                open("open", "w").close()
                holder.join()
                """
        )
    }

    // MARK: Acceptance

    @Test func whatIsNotAccepted() async throws {
        try await withServer(
            python: #"""
                def refused(payload, name="Good"):
                    arguments = dict(FunctionName=name, InvocationType="Event", Payload=payload)
                    return error(client.invoke, **arguments), message(client.invoke, **arguments)

                largest = b'"' + b"x" * 1048574 + b'"'
                event("Good", largest)
                expect(wait("Good", 1), ["x" * 1048574])
                for payload in [largest + b" ", b'"' + b"x" * 7000000 + b'"']:
                    expect(refused(payload), (("RequestTooLargeException", 413),
                        "Request must be smaller than 1048576 bytes for the InvokeFunction operation"))
                expect(refused(b"{")[0], ("InvalidRequestContentException", 400))
                expect(refused(b"{}", "None")[0], ("ResourceNotFoundException", 404))
                expect(refused(b"{}", "Good:none")[0], ("ResourceNotFoundException", 404))
                expect(len(lines("Good")), 1)
                """#
        )
    }

    @Test func whatWasAcceptedOutlivesTheServer() async throws {
        try await Fixture.with { fixture in
            try await prepare(fixture)
            // The first of them runs when the server is ended, and runs again.
            try await fixture.lambda(
                Self.server,
                python: Self.helpers + "for n in range(5): event('Gate', str(n).encode())\nwait('Gate', 1)"
            )
            #expect(try fixture.read("Gate") == "0\n")
            try fixture.write("open", "")
            try await fixture.withLambdaServer(Self.server) { _, running in
                try await running.waitForErrorText("goes on with asynchronous invocations of before: 5")
                try await eventually("all have run") { try fixture.read("Gate") == "0\n0\n1\n2\n3\n4\n" }
                // The last one is over when its answer has come and that is written down.
                try await eventually("five reports") {
                    running.errorText.split(separator: "\n").count { $0.hasPrefix("REPORT RequestId") } == 5
                }
                try await Task.sleep(for: .milliseconds(500))
            }
            try await fixture.withLambdaServer(Self.server) { _, running in
                #expect(!running.errorText.contains("goes on"))
            }
        }
    }

    // MARK: Settings

    @Test func configurations() async throws {
        try await withServer(
            python: #"""
                put, get = client.put_function_event_invoke_config, client.get_function_event_invoke_config
                update, delete = client.update_function_event_invoke_config, client.delete_function_event_invoke_config
                arn = f"arn:aws:lambda:{account}:function:Good"
                queue = f"arn:aws:sqs:{account}:q"

                def plain(config):
                    config = {key: value for key, value in config.items() if key != "ResponseMetadata"}
                    expect(abs(config.pop("LastModified").timestamp() - time.time()) < 20, True)
                    return config

                for call in [get, delete]: expect(error(call, FunctionName="Good"), ("ResourceNotFoundException", 404))
                expect(error(update, FunctionName="Good", MaximumRetryAttempts=1), ("ResourceNotFoundException", 404))
                expect(message(get, FunctionName="Good"), f"The function {arn}:$LATEST doesn't have an EventInvokeConfig")

                wanted = {"FunctionArn": arn + ":$LATEST", "MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 60,
                          "DestinationConfig": {"OnSuccess": {}, "OnFailure": {}}}
                made = put(FunctionName="Good", MaximumRetryAttempts=1, MaximumEventAgeInSeconds=60)
                expect((plain(made), plain(get(FunctionName=arn))), (wanted, wanted))
                # An update leaves the rest, a put does not.
                wanted["DestinationConfig"]["OnFailure"] = {"Destination": queue}
                expect(plain(update(FunctionName="Good", DestinationConfig={"OnFailure": {"Destination": queue}})), wanted)
                expect(plain(get(FunctionName="Good", Qualifier="$LATEST")), wanted)
                put(FunctionName="Good", MaximumRetryAttempts=0)
                wanted = {"FunctionArn": arn + ":$LATEST", "MaximumRetryAttempts": 0,
                          "DestinationConfig": {"OnSuccess": {}, "OnFailure": {}}}
                expect(plain(get(FunctionName="Good")), wanted)

                client.publish_version(FunctionName="Good")
                client.create_alias(FunctionName="Good", Name="live", FunctionVersion="1")
                put(FunctionName="Good", Qualifier="live", MaximumRetryAttempts=2)
                put(FunctionName="Good:1", MaximumRetryAttempts=1)
                pages = client.get_paginator("list_function_event_invoke_configs").paginate(
                    FunctionName="Good", PaginationConfig={"PageSize": 2})
                found = {c["FunctionArn"].removeprefix(arn + ":"): c["MaximumRetryAttempts"]
                         for page in pages for c in page["FunctionEventInvokeConfigs"]}
                expect(found, {"$LATEST": 0, "live": 2, "1": 1})
                delete(FunctionName="Good", Qualifier="live")
                expect(error(get, FunctionName="Good", Qualifier="live"), ("ResourceNotFoundException", 404))
                expect(get(FunctionName="Good", Qualifier="1")["MaximumRetryAttempts"], 1)

                # The template's are there.
                expect(get(FunctionName="Settled")["DestinationConfig"]["OnFailure"],
                       {"Destination": f"arn:aws:lambda:{account}:function:Record"})
                expect(client.get_function_configuration(FunctionName="Settled")["DeadLetterConfig"],
                       {"TargetArn": f"arn:aws:sqs:{account}:Queue"})

                expect(error(put, FunctionName="Good"), ("InvalidParameterValueException", 400))
                expect(message(put, FunctionName="Good"),
                       "You must specify at least one of error handling or destination setting.")
                expect(error(put, FunctionName="None", MaximumRetryAttempts=1), ("ResourceNotFoundException", 404))
                expect(error(put, FunctionName="Good:none", MaximumRetryAttempts=1), ("ResourceNotFoundException", 404))
                expect(message(put, FunctionName="Good", MaximumRetryAttempts=3),
                       "1 validation error detected: Value '3' at 'maximumRetryAttempts' failed to satisfy constraint: "
                       "Member must have value less than or equal to 2")
                expect(message(put, FunctionName="Good", MaximumEventAgeInSeconds=21601),
                       "1 validation error detected: Value '21601' at 'maximumEventAgeInSeconds' failed to satisfy "
                       "constraint: Member must have value less than or equal to 21600")
                bad = {"OnSuccess": {"Destination": "queue"}}
                expect("'destinationConfig.onSuccess.destination'" in
                       message(put, FunctionName="Good", DestinationConfig=bad), True)
                expect(get(FunctionName="Good")["MaximumRetryAttempts"], 0)
                """#
        )
    }
}
