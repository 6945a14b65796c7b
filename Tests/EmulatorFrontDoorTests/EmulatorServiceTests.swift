import Testing

@testable import EmulatorFrontDoor

/// The column of the reference that says what `rie` does, over sockets.
struct EmulatorServiceTests {
    private static let path = TestEmulator.path

    /// An invocation whose event the test's runtime has taken.
    private func delivered(
        by emulator: TestEmulator,
        headers: [String] = []
    ) throws -> (caller: RawClient, runtime: RuntimeClient, event: RawResponse, id: String) {
        let caller = try emulator.invoke(headers: headers)
        let runtime = try emulator.runtime()
        let event = try runtime.next()
        return (caller, runtime, event, try #require(event["lambda-runtime-aws-request-id"]))
    }

    @Test func success() throws {
        let emulator = try TestEmulator()
        let (caller, runtime, event, id) = try delivered(by: emulator)
        #expect(
            event["lambda-runtime-invoked-function-arn"]
                == "arn:aws:lambda:us-east-1:012345678912:function:test_function"
        )
        #expect(try #require(event["lambda-runtime-trace-id"]).hasPrefix("Root=1-"))
        try runtime.respond("not json", to: id)
        let answer = try caller.readResponse()
        #expect(answer.status == 200)
        #expect(answer.text == "not json")
        // The same connections again, and one id in all the lines.
        runtime.sendNext()
        caller.send("POST", Self.path, body: "{}")
        let second = try runtime.connection.readResponse()
        try runtime.respond("again", to: try #require(second["lambda-runtime-aws-request-id"]))
        #expect(try caller.readResponse().text == "again")
        let log = try emulator.text()
        #expect(
            log.contains("START RequestId: \(id) Version: $LATEST\nEND RequestId: \(id)\nREPORT RequestId: \(id)\t")
        )
    }

    @Test(arguments: ["GET", "POST", "PUT", "DELETE", "PATCH"])
    func anyMethodInvokes(method: String) throws {
        let emulator = try TestEmulator()
        let caller = try emulator.client()
        caller.send(method, Self.path + "?Qualifier=x", body: "payload")
        let runtime = try emulator.runtime()
        let event = try runtime.next()
        #expect(event.text == "payload")
        try runtime.respond("ok", to: try #require(event["lambda-runtime-aws-request-id"]))
        #expect(try caller.readResponse().text == "ok")
    }

    @Test(arguments: ["function", "bird_function", "bird%5Ffunction"])
    func theFunctionsNameInvokes(name: String) throws {
        let emulator = try TestEmulator(variables: ["AWS_LAMBDA_FUNCTION_NAME": "bird_function"])
        let caller = try emulator.client()
        caller.send("POST", "/2015-03-31/functions/\(name)/invocations", body: "payload")
        let runtime = try emulator.runtime()
        let event = try runtime.next()
        #expect(event.text == "payload")
        #expect(try #require(event["lambda-runtime-invoked-function-arn"]).hasSuffix(":function:bird_function"))
        try runtime.respond("ok", to: try #require(event["lambda-runtime-aws-request-id"]))
        #expect(try caller.readResponse().text == "ok")
    }

    @Test(arguments: [
        "/", "/2015-03-31/functions/other/invocations", "/2015-03-31/functions/function/invocations/",
        "/2015-03-31/functions/function", "/2015-03-31/functions//invocations",
        "/2014-01-01/functions/function/invocations",
    ])
    func anyOtherPathIsNotFound(path: String) throws {
        let emulator = try TestEmulator()
        let client = try emulator.client()
        #expect(try client.call("POST", path, body: "{}").status == 404)
        #expect(try client.call("GET", path).status == 404)
    }

    @Test func headersOfTheCaller() throws {
        let emulator = try TestEmulator()
        let headers = ["X-Amzn-Trace-Id: Root=1-a-b", "X-Amz-Client-Context: eyJjdXN0b20iOnt9fQ=="]
        let (_, _, event, _) = try delivered(by: emulator, headers: headers)
        #expect(event["lambda-runtime-trace-id"] == "Root=1-a-b")
        #expect(event["lambda-runtime-client-context"] == #"{"custom":{}}"#)
    }

    @Test func aBadClientContextIsRefused() throws {
        let emulator = try TestEmulator()
        let answer = try emulator.invoke(headers: ["X-Amz-Client-Context: ???"]).readResponse()
        #expect(answer.status == 400)
        #expect(answer.text.contains("InvalidRequestContentException"))
    }

    @Test func aFunctionError() throws {
        let emulator = try TestEmulator()
        let (caller, runtime, _, id) = try delivered(by: emulator)
        try runtime.post("/invocation/\(id)/error", #"{"errorType":"E"}"#)
        let answer = try caller.readResponse()
        #expect(answer.status == 200)
        #expect(answer.text == #"{"errorType":"E"}"#)
        #expect(answer["x-amz-function-error"] == nil)
    }

    @Test func anInitError() throws {
        let emulator = try TestEmulator(
            script: """
                curl -s -d '{"errorType":"Init"}' http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/init/error; sleep 1000
                """
        )
        let answer = try emulator.invoke().readResponse()
        #expect(answer.status == 502)
        #expect(answer.text == #"{"errorType":"Init"}"#)
    }

    @Test func aTimeout() throws {
        let emulator = try TestEmulator(variables: ["AWS_LAMBDA_FUNCTION_TIMEOUT": "1"])
        let (caller, _, _, id) = try delivered(by: emulator)
        let answer = try caller.readResponse()
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "text/plain")
        #expect(answer.text == "Task timed out after 1.00 seconds")
        #expect(try emulator.text().contains("Z \(id) Task timed out after 1.00 seconds\nEND RequestId: \(id)\n"))
    }

    @Test(arguments: [
        ("exit 1", "Runtime exited with error: exit status 1"),
        ("exit 0", "Runtime exited without providing a reason"),
        ("kill -SEGV $$", "Runtime exited with error: signal: segmentation fault"),
    ])
    func anExit(script: String, message: String) throws {
        let emulator = try TestEmulator(script: script)
        let answer = try emulator.invoke().readResponse()
        #expect(answer.status == 502)
        #expect(answer.text.hasPrefix(#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: "#))
        #expect(answer.text.hasSuffix(#" Error: \#(message)"}"#))
    }

    @Test(arguments: [
        (["/no/such/file", "handler"], "fork/exec /no/such/file: no such file or directory"),
        (["/etc/passwd", "handler"], "fork/exec /etc/passwd: permission denied"),
    ])
    func nothingToRun(command: [String], message: String) throws {
        let emulator = try TestEmulator(command: command)
        let answer = try emulator.invoke().readResponse()
        #expect(answer.status == 502)
        #expect(answer.text.contains(#""errorType":"Runtime.InvalidEntrypoint""#))
        #expect(answer.text.hasSuffix(#" Error: \#(message)"}"#))
    }

    @Test func aResponseThatIsTooLarge() throws {
        let emulator = try TestEmulator()
        let (caller, runtime, _, id) = try delivered(by: emulator)
        #expect(try runtime.respond(String(repeating: "a", count: 6_291_557), to: id).status == 413)
        let answer = try caller.readResponse()
        #expect(answer.status == 200)
        #expect(
            answer.text
                == #"{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size (6291557 bytes) "#
                + #"exceeded maximum allowed payload size (6291556 bytes)."}"#
        )
    }

    @Test func aRequestOverLambdasLimitIsPassedOn() throws {
        let emulator = try TestEmulator()
        let payload = String(repeating: "p", count: 8_000_000)
        _ = try emulator.invoke(payload)
        #expect(try emulator.runtime().next().text == payload)
    }

    @Test func overlappingRequestsQueue() throws {
        let emulator = try TestEmulator()
        let callers = try (0..<10).map { try emulator.invoke("\($0)") }
        let runtime = try emulator.runtime()
        var served: Set<String> = []
        for _ in callers {
            let event = try runtime.next()
            served.insert(event.text)
            try runtime.respond("answer \(event.text)", to: try #require(event["lambda-runtime-aws-request-id"]))
        }
        #expect(served.count == callers.count)
        for (number, caller) in callers.enumerated() { #expect(try caller.readResponse().text == "answer \(number)") }
    }

    @Test(arguments: [
        ("response", "[1]", "answer ID: 3 bytes"), ("error", #"{"errorType":"E"}"#, "answer ID: Function.Unknown"),
    ])
    func theTraceHasALineAnInvocationAndAnAnswer(call: String, body: String, line: String) throws {
        let emulator = try TestEmulator(isTraced: true)
        let (caller, runtime, _, id) = try delivered(by: emulator)
        try runtime.post("/invocation/\(id)/\(call)", body)
        _ = try caller.readResponse()
        let lines = try emulator.text().split(separator: "\n").filter { $0.hasPrefix("rie: ") }
        #expect(lines.map { String($0.replacing(id, with: "ID")) } == ["rie: invocation ID: 2 bytes", "rie: " + line])
    }

    @Test func aForeignHostIsServed() throws {
        let emulator = try TestEmulator(script: "exit 1")
        let client = try emulator.client()
        client.send("POST \(Self.path) HTTP/1.1\r\nHost: function.example\r\nContent-Length: 2\r\n\r\n{}")
        #expect(try client.readResponse().status == 502)
    }

    @Test func aShutdownIsToldToWhoWaits() throws {
        let emulator = try TestEmulator()
        let (caller, runtime, _, _) = try delivered(by: emulator)
        try emulator.shutdown()
        let answer = try caller.readResponse()
        #expect(answer.status == 503)
        #expect(answer.text.contains("ServiceException"))
        #expect(caller.readToEnd().isEmpty)
        #expect(runtime.connection.readToEnd().isEmpty)
        #expect(RawClient.isRefused(port: emulator.port))
    }
}
