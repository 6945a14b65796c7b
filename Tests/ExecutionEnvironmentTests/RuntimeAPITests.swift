import LambdaModel
import HTTPServer
import Testing

@testable import ExecutionEnvironment

/// Every call of the Runtime API, the test playing the runtime.
struct RuntimeAPITests {
    let environment: TestEnvironment
    private static let accepted = "{\"status\":\"OK\"}\n"

    init() throws { environment = try TestEnvironment() }

    /// An invocation `r1` whose event the runtime has taken.
    private func delivered() throws -> (TestInvocation, RuntimeClient) {
        let invocation = try environment.invoke()
        let runtime = try environment.runtime()
        #expect(try runtime.next().status == 200)
        return (invocation, runtime)
    }

    @Test func nextBringsTheEventAndItsHeaders() throws {
        let request = InvocationRequest(
            requestID: "r1",
            invokedFunctionARN: "arn:aws:lambda:us-east-1:123456789012:function:f:alias",
            traceID: "Root=1-2-3",
            clientContext: #"{"custom":{"ü":1}}"#,
            cognitoIdentity: #"{"identityId":"i"}"#,
            tenantID: "tenant\r\nInjected: yes"
        )
        let before = WallClock.epochMilliseconds()
        try environment.invoke(request, payload: #"{"key":"早め"}"#)
        let event = try environment.runtime().next()
        #expect(event.status == 200)
        #expect(event.text == #"{"key":"早め"}"#)
        #expect(event["content-type"] == "application/json")
        #expect(event["lambda-runtime-aws-request-id"] == "r1")
        #expect(event["lambda-runtime-invoked-function-arn"] == request.invokedFunctionARN)
        #expect(event["lambda-runtime-trace-id"] == "Root=1-2-3")
        #expect(event["lambda-runtime-client-context"] == #"{"custom":{"ü":1}}"#)
        #expect(event["lambda-runtime-cognito-identity"] == #"{"identityId":"i"}"#)
        #expect(event["lambda-runtime-aws-tenant-id"] == "tenant  Injected: yes")
        #expect(event["injected"] == nil)
        let deadline = try #require(event["lambda-runtime-deadline-ms"].flatMap { Int64($0) })
        #expect(deadline >= before + 2999)
        #expect(deadline <= WallClock.epochMilliseconds() + 3001)
    }

    @Test func headersThatTheCallerDidNotSendAreAbsent() throws {
        try environment.invoke()
        let event = try environment.runtime().next()
        for name in ["trace-id", "client-context", "cognito-identity", "aws-tenant-id"] {
            #expect(event["lambda-runtime-\(name)"] == nil)
        }
    }

    @Test func nextWaitsForAnEvent() throws {
        try environment.start()
        let runtime = try environment.runtime()
        runtime.sendNext()
        let invocation = try environment.invoke()
        #expect(try runtime.connection.readResponse()["lambda-runtime-aws-request-id"] == "r1")
        #expect(try runtime.respond("ok").status == 202)
        #expect(invocation.answer() == "success ok")
    }

    @Test func theSameEventAgainWhileItRuns() throws {
        let (invocation, runtime) = try delivered()
        #expect(try runtime.next()["lambda-runtime-aws-request-id"] == "r1")
        #expect(try runtime.another().next()["lambda-runtime-aws-request-id"] == "r1")
        try runtime.respond("once")
        #expect(invocation.answer() == "success once")
    }

    @Test(arguments: [
        "", "text/plain", "application/x-www-form-urlencoded", "application/octet-stream", "application/json",
    ])
    func aResponseOfAnyTypeIsTakenVerbatim(contentType: String) throws {
        let (invocation, runtime) = try delivered()
        let response = try runtime.respond("not json \u{0} 早め", headers: ["Content-Type: \(contentType)"])
        #expect(response.status == 202)
        #expect(response["content-type"] == "application/json")
        #expect(response.text == Self.accepted)
        #expect(invocation.answer() == "success not json \u{0} 早め")
    }

    @Test func anEmptyResponse() throws {
        let (invocation, runtime) = try delivered()
        #expect(try runtime.respond("").status == 202)
        #expect(invocation.answer() == "success ")
    }

    @Test func aChunkedResponseWithTrailersIsBuffered() throws {
        let (invocation, runtime) = try delivered()
        runtime.connection.send(
            "POST",
            RuntimeClient.prefix + "/invocation/r1/response",
            headers: ["Transfer-Encoding: chunked", "Trailer: X"]
        )
        runtime.sendChunk("one,")
        runtime.sendChunk("two")
        #expect(try runtime.endStream(trailers: ["X: y"]).status == 202)
        #expect(invocation.answer() == "success one,two")
    }

    @Test func manyInvocationsOnOneConnection() throws {
        let runtime: RuntimeClient
        try environment.start()
        runtime = try environment.runtime()
        runtime.sendNext()
        for number in 0..<100 {
            let invocation = try environment.invoke("r\(number)", payload: "\(number)")
            #expect(try runtime.connection.readResponse().text == "\(number)")
            try runtime.respond("answer \(number)", to: "r\(number)")
            runtime.sendNext()
            #expect(invocation.answer() == "success answer \(number)")
            #expect(invocation.isOver())
        }
    }

    @Test func sixMegabytesEachWay() throws {
        let event = String(repeating: "e", count: Quotas.synchronousRequestBytes)
        let invocation = try environment.invoke("r1", payload: event)
        let runtime = try environment.runtime()
        #expect(try runtime.next().text == event)
        let answer = String(repeating: "a", count: Quotas.bufferedResponseBytes)
        #expect(try runtime.respond(answer).status == 202)
        #expect(invocation.answer() == "success " + answer)
    }

    @Test func oneByteMoreIsTooLarge() throws {
        let (invocation, runtime) = try delivered()
        let response = try runtime.respond(String(repeating: "a", count: Quotas.bufferedResponseBytes + 1))
        #expect(response.status == 413)
        #expect(response.text.contains(#""errorType":"RequestEntityTooLarge""#))
        #expect(
            invocation.answer()
                == "responseTooLarge Function.ResponseSizeTooLarge Response payload size (6291557 bytes) exceeded maximum "
                + "allowed payload size (6291556 bytes)."
        )
        // The environment lives on, on the same connection.
        runtime.sendNext()
        #expect(invocation.isOver())
        try environment.invoke("r2")
        #expect(try runtime.connection.readResponse()["lambda-runtime-aws-request-id"] == "r2")
    }

    @Test(arguments: [
        ("Lambda-Runtime-Function-Error-Type: Function.Oops", "Function.Oops"),
        ("Lambda-Runtime-Function-Error-Type: Runtime.Oops", "Runtime.Oops"),
        ("Lambda-Runtime-Function-Error-Type: MyError", "Function.Unknown"),
        ("X: y", "Function.Unknown"),
    ])
    func aFunctionErrorIsTakenVerbatim(header: String, type: String) throws {
        let (invocation, runtime) = try delivered()
        let response = try runtime.post("/invocation/r1/error", #"{"errorMessage":"m"}"#, headers: [header])
        #expect(response.status == 202)
        #expect(response.text == Self.accepted)
        #expect(invocation.answer() == #"function error \#(type) {"errorMessage":"m"}"#)
    }

    @Test func anInitErrorEndsTheInitAndThenTheInvocation() throws {
        let invocation = try environment.invoke()
        for _ in 0..<2 {
            let response = try environment.runtime().post(
                "/init/error",
                #"{"errorMessage":"no"}"#,
                headers: ["Lambda-Runtime-Function-Error-Type: Runtime.NoSuchHandler"]
            )
            #expect(response.status == 202)
            #expect(response.text == Self.accepted)
        }
        #expect(invocation.answer() == #"init error Runtime.NoSuchHandler {"errorMessage":"no"}"#)
        #expect(invocation.isOver())
    }

    @Test(arguments: [
        ("GET", "/2018-06-01/ping", 200, "pong"),
        ("GET", "/2018-06-02/runtime/invocation/next", 404, "NotFound"),
        ("GET", "/runtime/invocation/next", 404, "NotFound"),
        ("GET", "/", 404, "NotFound"),
        ("GET", "/2018-06-01/runtime/restore/next", 404, "NotFound"),
        ("POST", "/2018-06-01/runtime/restore/error", 404, "NotFound"),
        ("POST", "/2018-06-01/runtime/invocation/next", 405, "MethodNotAllowed"),
        ("GET", "/2018-06-01/runtime/invocation/r1/response", 405, "MethodNotAllowed"),
        ("GET", "/2018-06-01/runtime/init/error", 405, "MethodNotAllowed"),
        ("POST", "/2018-06-01/runtime/invocation/other/response", 400, "InvalidRequestID"),
        ("POST", "/2018-06-01/runtime/invocation/other/error", 400, "InvalidRequestID"),
        ("POST", "/2018-06-01/runtime/init/error", 403, "InvalidStateTransition"),
    ])
    func otherCalls(method: String, path: String, status: Int, text: String) throws {
        let (invocation, runtime) = try delivered()
        let response = try runtime.connection.call(method, path, body: method == "POST" ? "{}" : nil)
        #expect(response.status == status)
        if status == 200 {
            #expect(response.text == text)
        } else {
            #expect(response["content-type"] == "application/json")
            #expect(response.text.hasPrefix(#"{"errorMessage":"#))
            #expect(response.text.hasSuffix(#","errorType":"\#(text)"}"#))
        }
        // None of them has done any harm.
        try runtime.respond("still here")
        #expect(invocation.answer() == "success still here")
    }

    @Test func aSecondResponseIsRefused() throws {
        let (invocation, runtime) = try delivered()
        try runtime.respond("first")
        for path in ["response", "error"] {
            let second = try runtime.post("/invocation/r1/\(path)", "second")
            #expect(second.status == 403)
            #expect(second.text.contains("InvalidStateTransition"))
        }
        #expect(invocation.answer() == "success first")
    }

    @Test func anUnknownResponseModeIsRefused() throws {
        let (invocation, runtime) = try delivered()
        let header = "Lambda-Runtime-Function-Response-Mode: sideways"
        let response = try runtime.respond("x", headers: [header])
        #expect(response.status == 400)
        #expect(response.text.contains("InvalidFunctionResponseMode"))
        try runtime.respond("plain")
        #expect(invocation.answer() == "success plain")
    }

    @Test(arguments: ["/invocation/r1/response", "/invocation/r1/error"])
    func aBodyThatStopsShortFailsTheInvocationAtOnce(path: String) throws {
        let (invocation, runtime) = try delivered()
        let client = try runtime.another().connection
        client.send("POST \(RuntimeClient.prefix)\(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")
        client.closeSending()
        #expect(
            try #require(invocation.answer()).hasPrefix(
                "truncatedResponse Runtime.TruncatedResponse RequestId: r1 Error: "
            )
        )
    }

    @Test func anotherHostIsNotServed() throws {
        let (_, runtime) = try delivered()
        let client = try runtime.another().connection
        client.send("GET /2018-06-01/ping HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        #expect(try client.readResponse().status == 403)
    }
}
